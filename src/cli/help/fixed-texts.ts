// What do the arguments do that every command has? No model describes them.

/** By global option; HTML, as the models' own texts are. */
export const globalTexts: Readonly<Record<string, string>> = {
  '--debug': 'Shows what happens behind the command, step by step, on stderr.',
  '--endpoint-url': 'Sends the request to this URL instead of the service’s own.',
  '--no-verify-ssl':
    'Does not check the certificate of the other side. By default it is checked for every TLS connection.',
  '--no-paginate':
    'Asks once, for the first page. By default pages are asked for until there are no more, and shown as one result.',
  '--output': 'How the result is written.',
  '--query': 'A JMESPath expression: which part of the result is written.',
  '--profile': 'Uses this profile of the configuration and credentials files.',
  '--region': 'The region to call. Comes before the environment’s and the profile’s.',
  '--version': 'Prints the version and ends.',
  '--color': 'Whether the output is in colour; <code>auto</code> is on a terminal only.',
  '--no-sign-request': 'Signs nothing, and looks for no credentials.',
  '--ca-bundle': 'A file of certificate authorities to trust, instead of the system’s or the configured ones.',
  '--cli-read-timeout': 'How many seconds to wait for the next bytes of an answer; 0 is for ever. 60 by default.',
  '--cli-connect-timeout': 'How many seconds to wait for a connection; 0 is for ever. 60 by default.',
  '--cli-binary-format':
    'How binary values are typed: <code>base64</code> by default, or with <code>raw-in-base64-out</code> as the bytes ' +
    'themselves. What <code>fileb://</code> reads is always the bytes themselves.',
  '--no-cli-pager': 'Writes the output straight to the terminal.',
  '--cli-auto-prompt': 'Asks for the command and its parameters while showing what is possible.',
  '--no-cli-auto-prompt': 'Does not ask, whatever the configuration says.',
  '--cli-error-format': 'How an error is written.',
}

/** What the reference does not have: they count as whole words, behind any operation. */
export const ownTexts: Readonly<Record<string, string>> = {
  '--read-only':
    'Refuses every operation that is not Read or List by the service authorization data. <code>VIRGA_READ_ONLY=1</code> does the same.',
  '--plan':
    'Any operation: shows what would be sent, what it would change and whether IAM allows it, and sends nothing. Ends with 254 where it would be denied.',
  '--dry-run': 'Any operation that has none of its own: whether IAM allows it; sends nothing.',
}

const PAGINATION = '<p>How it is used: <a>Pagination</a> in the AWS Command Line Interface User Guide.</p>'

/** By argument, as it is named. */
export const commonTexts: Readonly<Record<string, string>> = {
  'cli-input-json':
    'Reads arguments from a JSON text, or a YAML text, of the form that <code>--generate-cli-skeleton</code> prints; ' +
    'usually from a file: <code>file://input.json</code>. What is given on the command line as well wins. Binary values ' +
    'are base64. Only one of the two can be used.',
  'generate-cli-skeleton':
    'Prints a sample and sends nothing. Without a value, or with <code>input</code>: a JSON text for ' +
    '<code>--cli-input-json</code>. With <code>yaml-input</code>: a YAML text for <code>--cli-input-yaml</code>. With ' +
    '<code>output</code>: the arguments are checked, and a made-up answer is printed.',
  'starting-token': 'Where to go on: the <code>NextToken</code> of an earlier, truncated result. ' + PAGINATION,
  'page-size':
    'How many items to ask for in one request. It does not change how many are shown; smaller pages mean more requests, ' +
    'each of them quicker, which helps where requests time out. ' +
    PAGINATION,
  'max-items':
    'How many items to show in all. Where there are more, the result has a <code>NextToken</code>, which ' +
    '<code>--starting-token</code> of a later command takes up. It is of no use outside the command line. ' +
    PAGINATION,
  outfile: 'The file that the content of the answer is written to.',
}

export const STREAMING =
  'The value is the path of a file, as it is: <code>path/to/file</code>, without <code>file://</code> or ' +
  '<code>fileb://</code>.'
