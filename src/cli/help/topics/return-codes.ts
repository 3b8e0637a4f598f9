// `virga help return-codes`: what an exit code says.

import type { Topic } from './topic.ts'

export const returnCodes: Topic = {
  title: 'what the exit code says',
  sections: {
    Description: `
      <p>The exit code of a command tells what became of it. In a shell it is in <code>$?</code>.</p>
      <ul>
        <li><p><code>0</code> – It was done. A request was answered without an error.</p></li>
        <li><p><code>1</code> – The s3 commands: at least one transfer failed.</p></li>
        <li><p><code>2</code> – The s3 commands: at least one file was skipped, and nothing failed. Files are skipped that
          are not there, that are devices, pipes or sockets, or that may not be read.</p></li>
        <li><p><code>130</code> – It was interrupted: Ctrl-C.</p></li>
        <li><p><code>252</code> – The command line cannot be understood, or the input does not fit the operation: nothing
          was sent.</p></li>
        <li><p><code>253</code> – The machine is not set up for the call: no credentials, no region, a setting that makes
          no sense.</p></li>
        <li><p><code>254</code> – The service answered with an error.</p></li>
        <li><p><code>255</code> – Something else went wrong. The line on stderr says what.</p></li>
      </ul>
      <p>A command of the alias file that begins with <code>!</code> ends with the exit code of what it ran.</p>`,
  },
}
