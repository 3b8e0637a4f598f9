// Messages on their way back from a dead-letter queue: tasks that move them by so many a second, at the account's clock.

import type { Background } from '../../../service.ts'
import { sourcesOf } from '../attributes.ts'
import { invalidParameter, invalidValue, sqsError } from '../errors.ts'
import { arnOf, keyOf, ofArn, ofKey } from '../names.ts'
import { codeOf } from '../query-names.ts'
import type { Move, Queue, Sqs, SqsHandler } from '../state.ts'
import { arrived } from '../waiting.ts'

/** What AWS moves a second where nobody says. */
const usual = 500
const mostKept = 10

export const startMessageMoveTask: SqsHandler = (
  given: { SourceArn: string; DestinationArn?: string; MaxNumberOfMessagesPerSecond?: number },
  { state, afterwards },
) => {
  const { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: perSecond } = given
  const source = byArn(SourceArn, 'SourceArn', state)
  const destination = DestinationArn === undefined ? undefined : byArn(DestinationArn, 'DestinationArn', state)
  if (perSecond !== undefined && (perSecond < 1 || perSecond > usual))
    throw invalidValue('MaxNumberOfMessagesPerSecond', perSecond, `Must be between 1 and ${usual}, if provided.`)
  if (sourcesOf(source, state).length === 0)
    throw invalidParameter('Source queue must be configured as a Dead Letter Queue.')
  const known = state.moves(source)
  if (known.some(({ status }) => status === 'RUNNING'))
    throw invalidParameter(
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    )
  for (const { started } of known.slice(mostKept - 1)) state.removeMove(source, started)
  const { visible, delayed } = state.messages(source).counts()
  const move: Move = {
    handle: btoa(JSON.stringify({ taskId: crypto.randomUUID(), sourceArn: SourceArn })),
    source: keyOf(source),
    ...(destination && { destination: keyOf(destination) }),
    ...(perSecond !== undefined && { perSecond }),
    started: Math.max(state.now(), (known[0]?.started ?? 0) + 1),
    status: 'RUNNING',
    moved: 0,
    toMove: visible + delayed,
  }
  const into = advance(source, move, state)
  afterwards(async () => into.forEach(arrived))
  return { TaskHandle: move.handle }
}

export const cancelMessageMoveTask: SqsHandler = ({ TaskHandle }, { state }) => {
  const arn = sourceOfHandle(TaskHandle)
  const name = arn === undefined ? undefined : ofArn(arn)
  if (!name) throw invalidParameter('Value for parameter TaskHandle is invalid.')
  const source = byArn(arn!, 'SourceArn', state)
  const move = state.moves(source).find(({ handle }) => handle === TaskHandle)
  if (!move) throw sqsError('ResourceNotFoundException', 'Task does not exist.', 404)
  if (move.status !== 'RUNNING') throw sqsError('UnsupportedOperation', 'Only tasks that are running can be cancelled.')
  state.putMove(source, { ...move, status: 'CANCELLED' })
  return { ApproximateNumberOfMessagesMoved: move.moved }
}

export const listMessageMoveTasks: SqsHandler = ({ SourceArn, MaxResults = 1 }, { state }) => {
  const source = byArn(SourceArn, 'SourceArn', state)
  if (MaxResults < 1 || MaxResults > mostKept)
    throw invalidValue('MaxResults', MaxResults, `Must be between 1 and ${mostKept}, if provided.`)
  return {
    Results: state
      .moves(source)
      .slice(0, MaxResults)
      .map((move) => ({
        ...(move.status === 'RUNNING' && { TaskHandle: move.handle }),
        Status: move.status,
        SourceArn,
        ...(move.destination !== undefined && { DestinationArn: arnOf(ofKey(move.destination)) }),
        ...(move.perSecond !== undefined && { MaxNumberOfMessagesPerSecond: move.perSecond }),
        ApproximateNumberOfMessagesMoved: move.moved,
        ApproximateNumberOfMessagesToMove: move.toMove,
        ...(move.failure !== undefined && { FailureReason: move.failure }),
        StartedTimestamp: move.started,
      })),
  }
}

/** Goes on with the tasks that run. */
export async function goOn({ transaction }: Background<Sqs>): Promise<void> {
  const into = await transaction((state) =>
    state.allMoves().flatMap((move) => {
      if (move.status !== 'RUNNING') return []
      const source = state.byKey(move.source)
      return source ? advance(source, move, state) : []
    }),
  )
  into.forEach(arrived)
}

/** Moves as many as there is time for; returns the ids of the queues they went to. */
function advance(source: Queue, move: Move, state: Sqs): string[] {
  const rate = move.perSecond ?? usual
  const allowed = rate * (1 + Math.floor((state.now() - move.started) / 1000))
  const into = new Set<string>()
  const next = { ...move }
  const messages = state.messages(source)
  while (next.moved < allowed && next.status === 'RUNNING') {
    const message = messages.takeFirst()
    if (!message) {
      next.status = 'COMPLETED'
      break
    }
    const from = message.from === undefined ? undefined : ofArn(message.from)
    const destination = move.destination === undefined ? from && state.find(from) : state.byKey(move.destination)
    if (!destination) {
      messages.takeOver(message)
      next.status = 'FAILED'
      const gone = codeOf('QueueDoesNotExist')
      next.failure = move.destination === undefined ? 'CouldNotDetermineMessageSource' : gone
      break
    }
    const { from: _from, firstReceived: _first, entered: _entered, ...rest } = message
    state.messages(destination).takeOver({ ...rest, id: crypto.randomUUID(), sent: state.now(), receives: 0 })
    into.add(destination.id)
    next.moved++
  }
  if (next.moved >= next.toMove && next.status === 'RUNNING' && messages.counts().visible === 0)
    next.status = 'COMPLETED'
  state.putMove(source, next)
  return [...into]
}

function byArn(arn: string, parameter: string, state: Sqs): Queue {
  const name = ofArn(arn)
  const queue = name && state.find(name)
  if (!queue)
    throw sqsError(
      'ResourceNotFoundException',
      `The resource that you specified for the ${parameter} parameter doesn't exist.`,
      404,
    )
  return queue
}

/** The ARN that a task's handle names. */
export function sourceOfHandle(handle: unknown): string | undefined {
  try {
    const { sourceArn } = JSON.parse(atob(String(handle))) as { sourceArn?: unknown }
    return typeof sourceArn === 'string' ? sourceArn : undefined
  } catch {
    return undefined
  }
}
