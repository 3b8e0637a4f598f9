// `s3 result`: what became of work that was handed out, for whoever did not wait for it.

import { command } from '../../command.ts'
import type { Context, GivenWords } from '../../command.ts'
import { sizeText } from '../sizes.ts'
import { endIn, resultIn } from './message.ts'
import type { PartResult } from './message.ts'
import { Queue } from './queue.ts'
import type { Received } from './queue.ts'

export const result = command({
  name: 's3 result',
  help: 'Tells what became of the work that s3 sync --queue handed out. It may be asked again, until --forget.',
  arguments: {
    queue: { required: true, help: 'The URL of the queue of answers, which s3 sync --queue told.' },
    forget: { flag: true, help: 'Removes the answers, if all are there.' },
  },
  run: tellResult,
})

/** Exit code: 1 where something failed, 2 where answers are missing. */
async function tellResult(given: GivenWords, context: Context): Promise<number> {
  const queue = new Queue(given.queue as string, await context.settings())
  const received = await allOf(queue)
  const results = new Map<number, PartResult>()
  let parts: number | undefined
  for (const { text } of received) {
    const found = resultIn(text)
    if (found !== undefined) results.set(found.part, found)
    parts = endIn(text)?.parts ?? parts
  }
  const all = [...results.values()]
  const failed = all.flatMap((each) => each.failed)
  for (const [, where, error] of failed) context.write(`failed: ${where} ${error}\n`)
  context.write(`${sentence(all, parts)}\n`)
  const complete = parts !== undefined && all.length >= parts
  if (given.forget === true && complete) await queue.remove()
  else await Promise.all(received.map(({ receipt }) => queue.keep(receipt, 0)))
  return failed.length > 0 ? 1 : complete ? 0 : 2
}

async function allOf(queue: Queue): Promise<Received[]> {
  const all: Received[] = []
  for (;;) {
    const some = await queue.receive({ most: 10, wait: 1, hidden: 120 })
    if (some.length === 0) return all
    all.push(...some)
  }
}

function sentence(results: readonly PartResult[], parts: number | undefined): string {
  const done: Record<string, number> = {}
  for (const each of results) {
    for (const [kind, count] of Object.entries(each.done)) done[kind] = (done[kind] ?? 0) + count
  }
  const bytes = results.reduce((sum, each) => sum + each.bytes, 0)
  const what = Object.entries(done).map(([kind, count]) => `${count} × ${kind}`)
  const of = parts === undefined ? 'so far; more may be handed out' : `of ${parts}`
  return `${results.length} parts ${of}: ${what.join(', ') || 'nothing done'} (${sizeText(bytes)})`
}
