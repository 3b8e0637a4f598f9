// `s3 sync --queue URL`: the jobs are cut into parts and put into a queue, and what the workers answer is told as if it
// had been done here.

import type { Settings } from '../../../../client/settings.ts'
import type { Job } from '../../../../transfer/entry.ts'
import type { Context, GivenWords } from '../../command.ts'
import type { Direction, TransferCommand } from '../check.ts'
import type { Telling } from '../telling.ts'
import { endText, partText, resultIn, wordsFor } from './message.ts'
import type { Part, PartResult } from './message.ts'
import { Queue } from './queue.ts'

/** A part ends where it has so many jobs, or so many bytes to move, or as much text as a message may have. */
const most = { jobs: 100, bytes: 256 * 2 ** 20, text: 200 * 1024 }

/** Parts that were handed out and not answered: more are not found before some are. */
const ahead = 1000

/** Seconds until an answer that was read here may be read by whoever asks, should this end before it is all over. */
const mine = 600

interface Around {
  readonly context: Context
  readonly settings: Settings
  readonly telling: Telling
  readonly signal: AbortSignal
}

/** Resolves when every part was answered. Throws what SQS answers, and what the jobs' source throws. */
export async function handOut(
  batches: AsyncIterable<readonly Job[]>,
  command: TransferCommand,
  direction: Direction,
  given: GivenWords,
  { context, settings, telling, signal }: Around,
): Promise<void> {
  const words = wordsFor(given)
  const queue = new Queue(given.queue as string, settings)
  const task = crypto.randomUUID()
  const open = new Map<number, readonly Job[]>()
  const read: string[] = []
  let answers: Queue | undefined
  let parts = 0

  const answersTo = async (): Promise<Queue> => {
    const made = await queue.beside(`virga-s3-${task}`)
    context.warn(`The work goes on without this; ask how it went: virga s3 result --queue ${made.url}`)
    return made
  }
  const hand = async (jobs: readonly Job[], to: Queue): Promise<void> => {
    const part: Part = {
      task,
      part: parts++,
      answers: to.url,
      command,
      direction,
      given: words,
      jobs: jobs.map(brief),
    }
    open.set(part.part, jobs)
    for (const job of jobs) telling.queued(job)
    await queue.send(partText(part))
  }
  const answered = async (from: Queue): Promise<void> => {
    for (const { text, receipt } of await from.receive({ most: 10, wait: 5, hidden: mine, signal })) {
      read.push(receipt)
      const result = resultIn(text)
      const jobs = result?.task === task ? open.get(result.part) : undefined
      // A part may be answered twice; the first answer counts.
      if (result === undefined || jobs === undefined) continue
      open.delete(result.part)
      tell(jobs, result, telling)
    }
  }

  try {
    for await (const jobs of inParts(batches)) {
      signal.throwIfAborted()
      answers ??= await answersTo()
      await hand(jobs, answers)
      while (open.size >= ahead) await answered(answers)
    }
    if (answers === undefined) return
    await answers.send(endText({ task, parts }))
    if (given.detach === true) return
    while (open.size > 0) {
      signal.throwIfAborted()
      await answered(answers)
    }
    await answers.remove()
  } catch (error) {
    await Promise.allSettled(read.map((receipt) => answers!.keep(receipt, 0)))
    throw error
  }
}

/** What tells which state of the source is meant, and where it goes. */
function brief(job: Job): Job {
  const { side, path, name, size, modified, etag, storageClass } = job.entry
  return { ...job, entry: { side, path, name, size, modified, etag, storageClass } as Job['entry'] }
}

async function* inParts(batches: AsyncIterable<readonly Job[]>): AsyncGenerator<readonly Job[]> {
  let jobs: Job[] = []
  let bytes = 0
  let text = 0
  for await (const batch of batches) {
    for (const job of batch) {
      const size = job.action === 'delete' ? 0 : (job.entry.size ?? 0)
      // UTF-8 takes up to three bytes for a character, and JSON's own signs have their part.
      const length = 200 + 3 * (job.entry.path.length + job.entry.name.length + (job.target?.length ?? 0))
      if (jobs.length > 0 && (jobs.length >= most.jobs || bytes + size > most.bytes || text + length > most.text)) {
        yield jobs
        jobs = []
        bytes = 0
        text = 0
      }
      jobs.push(job)
      bytes += size
      text += length
    }
  }
  if (jobs.length > 0) yield jobs
}

function tell(jobs: readonly Job[], { failed, skipped }: PartResult, telling: Telling): void {
  const errors = new Map(failed.map(([position, , error]) => [position, error]))
  const there = new Set(skipped)
  jobs.forEach((job, position) => {
    const error = errors.get(position)
    if (error !== undefined) return telling.failed(job, new Error(error))
    if (there.has(position)) return telling.skipped(job)
    if (job.action !== 'delete') telling.progress(job, job.entry.size ?? 0)
    telling.done(job)
  })
}
