// AWS's own program for the terminal of a session: session-manager-plugin. It is handed what StartSession answered, and
// holds the connection itself.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html

import { Failure } from '../../../lib/errors.ts'
import { stringifyPython } from '../../../lib/json.ts'
import { repr } from '../../../lib/python.ts'
import type { Structure } from '../../../lib/value.ts'
import { resolveEndpoint } from '../../../client/endpoint/resolve.ts'
import type { Operation } from '../../../model/model.ts'
import { outputOf, runChild } from '../../child.ts'
import type { Context } from '../command.ts'

const PLUGIN = 'session-manager-plugin'

export const NOT_FOUND =
  'SessionManagerPlugin is not found. Please refer to SessionManager Documentation here: ' +
  'http://docs.aws.amazon.com/console/systems-manager/session-manager-plugin-not-found'

/** Throws Failure('Configuration', detail.missing) where it is not installed, 'InvalidValue' where it fails. */
export async function pluginVersion({ outside: { env } }: Context): Promise<string> {
  const { text, exit } = await outputOf([PLUGIN, '--version'], { env })
  return succeeded([PLUGIN, '--version'], exit, text)
}

/** That it is there, by running it: it says so on the terminal. */
export async function greetPlugin({ outside: { env } }: Context): Promise<void> {
  succeeded([PLUGIN], await runChild([PLUGIN], { env }))
}

export interface Handover {
  /** What the service answered, or the name of the variable that holds it. */
  readonly session: string
  readonly profile: string
  /** What the session was asked for with. */
  readonly parameters: Structure
  readonly env?: Readonly<Record<string, string | undefined>>
}

export async function runPlugin(operation: Operation, handover: Handover, context: Context): Promise<void> {
  const settings = await context.settings()
  const { scheme, host, basePath, auth } = await resolveEndpoint(operation, handover.parameters, settings)
  const words = [
    PLUGIN,
    handover.session,
    settings.region ?? auth.signingRegion,
    'StartSession',
    handover.profile,
    stringifyPython(handover.parameters),
    `${scheme}://${host}${basePath}`,
  ]
  succeeded(words, await runChild(words, { env: handover.env ?? context.outside.env, ownsInterrupts: true }))
}

export function isMissing(error: unknown): boolean {
  return error instanceof Failure && error.detail.missing === true
}

function succeeded(words: readonly string[], exit: number, result = ''): string {
  if (exit === 0) return result
  throw new Failure('InvalidValue', `Command '${repr([...words])}' returned non-zero exit status ${exit}.`)
}

/** Versions after this one take the service's answer from a variable, where a process list does not show it. */
const LAST_WITHOUT_VARIABLE = [1, 2, 497, 0]

export function readsVariable(version: string): boolean {
  const plain = version.replace(/\s/g, '')
  if (!/^\d+(\.\d+){0,3}$/.test(plain)) return false
  const parts = plain.split('.').map(Number)
  const at = LAST_WITHOUT_VARIABLE.findIndex((part, index) => (parts[index] ?? 0) !== part)
  return at >= 0 && (parts[at] ?? 0) > LAST_WITHOUT_VARIABLE[at]!
}
