// What is said after a denial? Nothing, as the reference: scripts read stderr. But after one of an account in this
// process, which the reference does not know, a line tells how to learn more; and everywhere a setting can ask for that
// line, or for the whole explanation: VIRGA_DENIALS or `virga_denials` of the profile, one of plain, hint, explain.

import type { AwsError } from '../lib/errors.ts'
import { operationOf } from './error-operation.ts'
import type { Session } from './session.ts'
import { textOf } from './show.ts'

const codes =
  /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|AuthorizationErrorException|UnauthorizedException)$/

export async function afterDenial(refused: AwsError, session: Session): Promise<string> {
  if (!codes.test(refused.code)) return ''
  const settings = await session.settings().catch(() => undefined)
  const operation = operationOf(refused)
  if (!settings || !operation) return ''
  const { name, metadata } = operation.service
  const isLocal = settings.endpointUrl(name, metadata.serviceId)?.startsWith('virga-local:') ?? false
  const wanted =
    session.outside.env['VIRGA_DENIALS'] || textOf(settings.key('virga_denials')) || (isLocal ? 'hint' : 'plain')
  if (wanted === 'explain') {
    const { explained } = await import('./commands/explain-denied/denied.ts')
    return `\n${(await explained(refused.message, session.call).catch(() => [])).join('\n')}\n`
  }
  if (wanted !== 'hint') return ''
  return isLocal
    ? '\nWhy: virga local why draws the decision; virga explain denied says what to do.\n'
    : '\nWhy: virga explain denied MESSAGE takes it apart and says what to do.\n'
}
