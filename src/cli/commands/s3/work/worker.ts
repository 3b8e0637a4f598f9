// `s3 worker`: takes parts of work from a queue and does them, until it is told to stop or nothing comes any more.
//
// A part is this worker's for a minute, and longer for as long as it is at it. If it dies, the part shows up again and
// another does it: nothing is lost, and doing a thing twice leaves the same.

import { command } from '../../command.ts'
import type { Context, GivenWords } from '../../command.ts'
import type { Settings } from '../../../../client/settings.ts'
import { resolve } from 'node:path'
import { integer } from '../arguments.ts'
import { untilInterrupted } from '../../../interrupt.ts'
import { partIn, resultText } from './message.ts'
import type { Part, PartResult } from './message.ts'
import { perform } from './perform.ts'
import { Queue } from './queue.ts'

export const worker = command({
  name: 's3 worker',
  help:
    'Does the work that s3 sync --queue puts into a queue of Amazon SQS. Any number of workers on any machines share it. ' +
    'Whoever may send to the queue says what is done: local files are touched below --root only.',
  arguments: {
    queue: { required: true, help: 'The URL of the queue.' },
    root: { help: 'The folder that local files must lie in. The default is the working directory.' },
    idle: { ...integer, help: 'Ends when nothing came for so many seconds. The default is to wait on.' },
    quiet: { flag: true, help: 'Tells of failures only.' },
  },
  run: work,
})

/** Seconds that a part is nobody else's, and after which that is renewed. */
const hidden = 60
const renewed = 20
/** The longest wait SQS has, in seconds. */
const longest = 20

/** Exit code: 1 where something failed. */
async function work(given: GivenWords, context: Context): Promise<number> {
  const settings = await context.settings()
  const queue = new Queue(given.queue as string, settings)
  const root = resolve(context.outside.cwd, (given.root as string | undefined) ?? '.')
  const idle = given.idle === undefined ? Number.POSITIVE_INFINITY : Number(given.idle) * 1000
  let failed = 0
  await untilInterrupted(async (signal) => {
    let last = performance.now()
    while (!signal.aborted) {
      const left = idle - (performance.now() - last)
      if (left <= 0) return
      const wait = Math.min(longest, Math.ceil(left / 1000))
      const received = await queue.receive({ most: 1, wait, hidden, signal }).catch((error: unknown) => {
        if (signal.aborted) return []
        throw error
      })
      for (const { text, receipt } of received) {
        const part = partIn(text)
        if (part === undefined) {
          context.warn('warning: the queue holds a message that is no work of this version')
          continue
        }
        const result = await done(part, receipt, { queue, root, settings, signal })
        if (result !== undefined) tell(part, result, given, context)
        failed += result?.failed.length ?? 0
        last = performance.now()
      }
    }
  })
  return failed > 0 ? 1 : 0
}

interface Around {
  readonly queue: Queue
  readonly root: string
  readonly settings: Settings
  readonly signal: AbortSignal
}

/** Undefined where the worker was stopped meanwhile: the part is given back. */
async function done(part: Part, receipt: string, around: Around): Promise<PartResult | undefined> {
  const { queue, root, settings, signal } = around
  const renewal = setInterval(() => void queue.keep(receipt, hidden).catch(() => {}), renewed * 1000)
  try {
    const result = await perform(part, root, settings, signal)
    await new Queue(part.answers, settings).send(resultText(result))
    await queue.delete(receipt)
    return result
  } catch (error) {
    await queue.keep(receipt, 0).catch(() => {})
    if (signal.aborted) return undefined
    throw error
  } finally {
    clearInterval(renewal)
  }
}

function tell(part: Part, result: PartResult, given: GivenWords, context: Context): void {
  for (const [, where, error] of result.failed) context.warn(`failed: ${where} ${error}`)
  if (given.quiet === true) return
  const what = Object.entries(result.done).map(([kind, count]) => `${count} × ${kind}`)
  context.write(`part ${part.part} of ${part.task.slice(0, 8)}: ${what.join(', ') || 'nothing done'}\n`)
}
