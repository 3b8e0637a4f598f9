// `ssm start-session`: the session is asked for, and the plugin brings the terminal to it.

import { Failure } from '../../../lib/errors.ts'
import { stringifyPython } from '../../../lib/json.ts'
import type { Structure } from '../../../lib/value.ts'
import type { Context } from '../command.ts'
import { isMissing, NOT_FOUND, pluginVersion, readsVariable, runPlugin } from './plugin.ts'

const VARIABLE = 'AWS_SSM_START_SESSION_RESPONSE'

export async function startSession(input: Structure, context: Context): Promise<number> {
  const { SessionId, TokenValue, StreamUrl } = await context.call('ssm', 'StartSession', input)
  const answer = stringifyPython({ SessionId, TokenValue, StreamUrl })
  try {
    const byVariable = readsVariable(await pluginVersion(context))
    const operation = await context.outside.models.operation('ssm', 'StartSession')
    const handover = {
      session: byVariable ? VARIABLE : answer,
      profile: context.globals.profile ?? '',
      parameters: input,
      env: byVariable ? { ...context.outside.env, [VARIABLE]: answer } : context.outside.env,
    }
    await runPlugin(operation, handover, context)
    return 0
  } catch (error) {
    if (!isMissing(error)) throw error
    // Nobody will ever take part in it.
    await context.call('ssm', 'TerminateSession', { SessionId })
    throw new Failure('InvalidValue', NOT_FOUND)
  }
}
