// `ecs execute-command`: a session in a container, brought to the terminal by the same plugin.

import { Failure } from '../../../lib/errors.ts'
import { stringifyPython } from '../../../lib/json.ts'
import type { Structure } from '../../../lib/value.ts'
import type { Context } from '../command.ts'
import { greetPlugin, isMissing, NOT_FOUND, runPlugin } from './plugin.ts'

export async function executeCommand(input: Structure, context: Context): Promise<number> {
  try {
    await greetPlugin(context)
    const answer = await context.call('ecs', 'ExecuteCommand', input)
    const operation = await context.outside.models.operation('ecs', 'ExecuteCommand')
    const { configuration } = await context.settings()
    const handover = {
      session: stringifyPython(answer.session),
      profile: context.globals.profile ?? (configuration?.profileNamedBy === undefined ? '' : configuration.profile),
      parameters: { Target: await targetOf(answer, context) },
    }
    await runPlugin(operation, handover, context)
    return 0
  } catch (error) {
    throw isMissing(error) ? new Failure('InvalidValue', NOT_FOUND) : error
  }
}

/** `ecs:CLUSTER_TASK_RUNTIME`: the container by the name that its runtime gave it. */
async function targetOf(answer: Structure, context: Context): Promise<string> {
  const last = (arn: unknown): string => String(arn).split('/').at(-1)!
  const [cluster, task] = [last(answer.clusterArn), last(answer.taskArn)]
  const { tasks } = await context.call('ecs', 'DescribeTasks', { cluster, tasks: [task] })
  const [found] = tasks as { containers: { name: string; runtimeId: string }[] }[]
  if (found === undefined) throw new Failure('InvalidValue', 'The task provided in the request was not found.')
  const container = found.containers.find(({ name }) => name === answer.containerName)
  return `ecs:${cluster}_${task}_${container?.runtimeId ?? 'None'}`
}
