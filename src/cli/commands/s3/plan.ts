// What would be done, all of it, before any of it is: shown, counted, and done only where somebody says so.

import { Failure } from '../../../lib/errors.ts'
import type { Job } from '../../../transfer/entry.ts'
import { ask } from '../../ask.ts'
import type { Context, GivenWords } from '../command.ts'
import { sizeText } from './sizes.ts'
import { kindOf } from './telling.ts'

/** The jobs, once somebody agreed; undefined where nobody did. Throws Failure('InvalidValue') where nobody can be asked. */
export async function agreed(
  jobs: AsyncIterable<readonly Job[]>,
  given: GivenWords,
  context: Context,
  locate: (job: Job) => string,
): Promise<Job[] | undefined> {
  const planned: Job[] = []
  for await (const batch of jobs) {
    planned.push(...batch)
    for (const job of batch) context.write(`(plan) ${kindOf(job)}: ${locate(job)}\n`)
  }
  context.write(`${planText(planned)}\n`)
  if (planned.length === 0 || given.yes === true) return planned
  const answer = context.outside.stdin.terminal ? await ask('Go on? [y/N] ', false) : undefined
  if (answer === undefined) {
    throw new Failure('InvalidValue', 'Nothing was done: nobody is here to agree to the plan. Add --yes to go on')
  }
  if (/^y(es)?$/i.test(answer.trim())) return planned
  context.write('Nothing was done.\n')
  return undefined
}

/** `upload 12 (3.4 MiB), delete 3` */
function planText(jobs: readonly Job[]): string {
  if (jobs.length === 0) return 'Nothing to do.'
  const kinds = new Map<string, { count: number; bytes: number }>()
  for (const job of jobs) {
    const kind = kinds.get(kindOf(job)) ?? { count: 0, bytes: 0 }
    kinds.set(kindOf(job), { count: kind.count + 1, bytes: kind.bytes + (job.entry.size ?? 0) })
  }
  const parts = [...kinds].map(([kind, { count, bytes }]) => {
    return kind === 'delete' ? `delete ${count}` : `${kind} ${count} (${sizeText(bytes)})`
  })
  return parts.join(', ')
}
