// `virga mcp`: AWS as tools for a program that speaks the Model Context Protocol, over standard input and output. It may
// look; what changes something is refused unless whoever starts it says otherwise.

import { Failure } from '../../../lib/errors.ts'
import { isReadOnly } from '../../read-only.ts'
import { Session } from '../../session.ts'
import { standardInput } from '../../standard-input.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { serve } from './serve.ts'
import { offerOf } from './tools.ts'

const OUTPUT = 50_000

export const mcp = command({
  name: 'mcp',
  help:
    '<p>Serves AWS to a program that speaks the Model Context Protocol (2025-11-25), over standard input and output: tools ' +
    'that list and describe services and operations, call those that only look, plan any other, explain denials and show ' +
    'the trail of the local AWS.</p> <p>The profile and the region are those that it is started with. Secrets are left out ' +
    'of results, and long ones are cut.</p>',
  arguments: {
    'allow-writes': {
      flag: true,
      help: 'Adds the tool <code>change</code>, which calls any operation. Not with <code>--read-only</code>.',
    },
    profiles: {
      nargs: '+',
      help: 'Profiles that a call may name. Without it the profile is the one that it is started with.',
    },
    'max-output': {
      type: 'integer',
      convert: 'int',
      default: OUTPUT,
      help: `Characters of a result at most; ${OUTPUT} by default.`,
    },
  },
  run: async (given, context) => {
    const { outside, globals } = context
    const allowWrites = given['allow-writes'] === true
    if (allowWrites && isReadOnly(globals, outside.env))
      throw new Failure('ParamValidation', '--allow-writes contradicts --read-only (or VIRGA_READ_ONLY)')
    const limit = Number(given['max-output'])
    if (!Number.isSafeInteger(limit) || limit < 1000)
      throw new Failure(
        'ParamValidation',
        `--max-output must be a number from 1000, not ${String(given['max-output'])}`,
      )
    const profiles = (given['profiles'] ?? []) as string[]
    const offer = offerOf({ allowWrites, profiles, limits: { output: limit } }, unasked(context))
    const { write } = outside.stdout
    await serve(offer, standardInput(context), (line) => write(line))
    return 0
  },
})

/** Standard input and output are the protocol's: nobody else reads or writes there. */
function unasked({ outside, globals }: Context): Session {
  const stdin = { read: async () => new Uint8Array(), terminal: false }
  const stdout = { write: () => true, terminal: false, columns: 80 }
  return new Session({ ...outside, stdin, stdout, unattended: true }, globals, undefined)
}
