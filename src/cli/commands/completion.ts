// `virga completion SHELL`: the script that makes a shell complete our command lines.

import { completionScript, shells } from '../complete/scripts.ts'
import type { Shell } from '../complete/scripts.ts'
import { command } from './command.ts'

export const completion = command({
  name: 'completion',
  help:
    '<p>Prints the script that completes command lines in a shell. The shell reads it when it starts:</p> <ul> ' +
    '<li> <p><code>~/.bashrc</code>: <code>eval "$(virga completion bash)"</code></p> </li> ' +
    '<li> <p><code>~/.zshrc</code>: <code>eval "$(virga completion zsh)"</code></p> </li> ' +
    '<li> <p><code>~/.config/fish/config.fish</code>: <code>virga completion fish | source</code></p> </li> ' +
    '<li> <p><code>$PROFILE</code>: <code>virga completion powershell | Out-String | Invoke-Expression</code></p> </li> ' +
    '</ul> <p>Where <code>aws_completer</code> is set up, a link of that name to this program does as well.</p>',
  arguments: {
    shell: { positional: true, choices: shells, help: 'The shell to complete in.' },
    'command-name': {
      default: 'virga',
      help: 'What the program is called there: an alias or a link, say <code>aws</code>.',
    },
  },
  run: async (given, context) => {
    context.write(completionScript(given.shell as Shell, given['command-name'] as string))
    return 0
  },
})
