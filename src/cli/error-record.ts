// An error as one line of JSON, for programs: VIRGA_ERRORS=json. What AWS said stands in it as text and nothing else: no
// control characters, no line of its own, no part of a command.
//
//   {"kind":"access-denied","code":"AccessDenied","message":"…","exit":254,"service":"iam","operation":"ListUsers", …}

import { AwsError, Failure } from '../lib/errors.ts'
import { isOwn, ownNames } from './own-names.ts'
import { kindOf, mayPass, nextCommand } from './error-kinds.ts'
import { asciiJsonText } from './output/json.ts'
import { operationCommand, commandOfService, serviceOfCommand } from './services.ts'
import { operationOf } from './error-operation.ts'
import type { Session } from './session.ts'
import type { Outside } from './door.ts'
import type { Structure } from '../lib/value.ts'

interface Told {
  readonly exit: number
  readonly message: string
}

/**
 * How errors are written, where they are asked for in this form. `session` answers undefined where the command line was
 * not understood.
 */
export function recordsIn(
  outside: Outside,
  session: () => Session | undefined,
): ((error: unknown, told: Told) => Promise<string>) | undefined {
  if (outside.env['VIRGA_ERRORS']?.toLowerCase() !== 'json') return undefined
  return (error, told) => recordLine(error, told, outside, session())
}

/** One line, with its end. */
async function recordLine(
  error: unknown,
  { exit, message }: Told,
  outside: Outside,
  session: Session | undefined,
): Promise<string> {
  const record = await errorRecord(error, { exit, message }, session, await commandTyped(outside))
  return `${asciiJsonText(record).replaceAll(/\n */g, '')}\n`
}

/** `command`: what was typed, as far as it names a command. */
export async function errorRecord(
  error: unknown,
  { exit, message }: Partial<Told> & Pick<Told, 'message'>,
  session: Session | undefined,
  command?: readonly string[],
): Promise<Structure> {
  const kind = kindOf(error)
  const operation = error instanceof AwsError ? operationOf(error) : undefined
  const local = operation !== undefined && (await isLocal(operation.service, session))
  const next = command === undefined ? undefined : nextCommand(kind, { command, local })
  return {
    kind,
    code: error instanceof AwsError ? error.code : error instanceof Failure ? error.kind : 'Error',
    message:
      error instanceof AwsError ? error.message : withoutUsage(error instanceof Failure ? error.message : message),
    ...(exit !== undefined && { exit }),
    retryable: mayPass(kind),
    ...(operation && { service: commandOfService(operation.service.name), operation: operation.name }),
    ...(error instanceof AwsError && {
      status: error.status,
      ...(error.response.requestId !== undefined && { requestId: error.response.requestId }),
      ...(error.response.retries !== undefined && { retries: error.response.retries }),
      ...(Object.keys(error.detail).length > 0 && { detail: error.detail }),
    }),
    ...(next !== undefined && { next }),
  }
}

/** How commands are made up is told by `next`. */
function withoutUsage(message: string): string {
  return message.replace(/\s*\nusage: .*$/s, '').trim()
}

async function isLocal(
  { name, metadata }: { name: string; metadata: { serviceId: string } },
  session: Session | undefined,
): Promise<boolean> {
  const settings = await session?.settings().catch(() => undefined)
  return settings?.endpointUrl(name, metadata.serviceId)?.startsWith('virga-local:') ?? false
}

/** The words of the command line that name a service and an operation that there are: no value that was typed. */
async function commandTyped({ argv, models }: Outside): Promise<string[]> {
  if (argv[0] === 'local') return ['local']
  const [at, service] = [...argv.entries()].find(([, word]) => models.has(serviceOfCommand(word) ?? '')) ?? []
  if (service === undefined || (await isOwn(argv[0]!))) return []
  const word = argv[at! + 1]
  if (word === undefined || (await ownNames(service)).includes(word)) return [service]
  const operation = operationCommand(await models.service(serviceOfCommand(service)!), word)
  return operation === undefined ? [service] : [service, word]
}
