// Where is the reference's own page of a command? For `cli_help_output = url` and `browser`.

import { REFERENCE_VERSION } from '../version.ts'

const DOCUMENTATION = `https://awscli.amazonaws.com/v2/documentation/api/${REFERENCE_VERSION}`

/** Commands that AWS CLI does not have. */
const OURS: readonly string[] = ['completion', 'explain', 'local', 'presign', 'sign', 'whoami']

/** `holdsOthers`: the command at `path` has commands below it. Undefined where there is no page. */
export function onlinePage(path: readonly string[], holdsOthers: boolean): string | undefined {
  const [first, topic] = path
  if (first === undefined) return `${DOCUMENTATION}/index.html`
  if (first === 'help') return `${DOCUMENTATION}/topic/${topic === 'topics' ? 'index' : topic}.html`
  if (OURS.includes(first)) return undefined
  return `${DOCUMENTATION}/reference/${path.join('/')}${holdsOthers ? '/index' : ''}.html`
}
