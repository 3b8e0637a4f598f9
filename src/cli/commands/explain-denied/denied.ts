// `virga explain denied [MESSAGE]`: any denial of AWS taken apart, decoded and simulated where that is allowed, with what
// to do next.

import { text } from '../../../lib/bytes.ts'
import { Failure } from '../../../lib/errors.ts'
import { readDenial, type Denial } from '../../../policy/read-message.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { advice, told } from './advice.ts'
import { decoded, simulated } from './inquiry.ts'

export const denied = command({
  name: 'explain denied',
  help: 'Explains a denial of any AWS service, and says what to do next. Without MESSAGE it is read from standard input.',
  arguments: {
    message: { positional: true, nargs: '*', help: 'The text of the error, or an encoded authorization message.' },
    offline: { flag: true, help: 'Asks AWS nothing: neither decodes nor simulates.' },
  },
  run: async (given, context) => {
    const words = (given['message'] ?? []) as string[]
    const { stdin } = context.outside
    if (words.length === 0 && stdin.terminal)
      throw new Failure('ParamValidation', 'a message is missing: give it as an argument or on standard input')
    const message = words.length > 0 ? words.join(' ') : text(await stdin.read())
    for (const line of await explained(message, given['offline'] === true ? undefined : context.call))
      context.write(`${line}\n`)
    return 0
  },
})

/** `call`: to ask AWS; undefined where nothing may be asked. Throws Failure('ParamValidation') for a text that is no denial. */
export async function explained(message: string, call: Context['call'] | undefined): Promise<string[]> {
  if (message.trim() === '')
    throw new Failure('ParamValidation', 'no denial was given: its text goes behind the command, or to stdin')
  const denial = readDenial(message) ?? asEncoded(message)
  if (!denial) throw new Failure('ParamValidation', `this is no denial of AWS: ${message.trim().slice(0, 200)}`)
  const lines = denial.action === undefined && denial.encoded !== undefined ? [] : told(denial)
  const more = call
    ? [...(denial.encoded === undefined ? [] : await decoded(denial.encoded, call)), ...(await simulated(denial, call))]
    : []
  const id = denial.authorizationId
  if (id !== undefined)
    more.push(
      `AWS keeps the details for 24 hours under authorization id ${id}; of a local account: virga local why ${id}`,
    )
  if (more.length > 0) lines.push(...(lines.length > 0 ? [''] : []), ...more)
  if (denial.action !== undefined || denial.encoded === undefined)
    lines.push('', 'What to do next:', ...advice(denial).map((step) => `  ${step}`))
  return lines
}

/** An encoded message alone, as it is copied from a console. */
function asEncoded(message: string): Denial | undefined {
  const bare = message.trim()
  return /^[\w+/=-]{64,}$/.test(bare) ? { message: bare, encoded: bare } : undefined
}
