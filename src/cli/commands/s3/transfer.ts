// `cp`, `mv`, `sync` and `rm` are one thing: find what is there, choose, and move it. The order of the steps is here.

import { Failure } from '../../../lib/errors.ts'
import type { Settings } from '../../../client/settings.ts'
import { downloadTo } from '../../../transfer/download.ts'
import { giveUpLeft } from '../../../transfer/earlier-upload.ts'
import type { Job } from '../../../transfer/entry.ts'
import { run } from '../../../transfer/engine.ts'
import { routeOf, targetOf } from '../../../transfer/places.ts'
import { Exists } from '../../../transfer/transfer.ts'
import type { Transfers } from '../../../transfer/transfer.ts'
import { uploadStream } from '../../../transfer/upload.ts'
import type { Context, GivenWords } from '../command.ts'
import { checked } from './check.ts'
import type { Checked, TransferCommand } from './check.ts'
import { s3Config } from './config.ts'
import type { S3Config } from './config.ts'
import { untilInterrupted } from '../../interrupt.ts'
import { jobsOf } from './jobs.ts'
import type { JobsAround } from './jobs.ts'
import { headFrom } from './request.ts'
import { journalOf, stateFolder } from './state.ts'
import { tellingFor } from './tell.ts'
import type { Told } from './tell.ts'
import { large, storesFor, transfersFor } from './transfers.ts'
import type { Stores } from './transfers.ts'
import { errorText, warningText } from './words.ts'

const actions = { locals3: 'upload', s3local: 'download', s3s3: 'copy', s3: 'delete' } as const

/** Returns the exit code: 1 where something failed, 2 where something was passed over with a warning. */
export async function transfer(command: TransferCommand, given: GivenWords, context: Context): Promise<number> {
  const paths = checked(command, given)
  if (command === 'mv' && paths.direction === 's3s3') {
    const { checkUnderlyingPaths } = await import('./underlying.ts')
    await checkUnderlyingPaths(paths, given, context)
  }
  const settings = await context.settings()
  const config = s3Config(settings.key('s3'))
  const told = tellingFor(paths, given, context)
  const { telling } = told
  const stores = storesFor(paths.direction, given, settings, config)
  try {
    await untilInterrupted(async (signal) => {
      try {
        await perform(command, paths, given, { context, settings, config, told, stores, signal })
      } catch (error) {
        telling.fatal(signal.aborted ? 'cancelled: ctrl-c received' : `fatal error: ${errorText(error)}`)
      }
    })
    told.end()
    return telling.tally.exitCode
  } finally {
    stores.source.close()
    stores.target.close()
  }
}

interface Around {
  readonly context: Context
  readonly settings: Settings
  readonly config: S3Config
  readonly told: Told
  readonly stores: Stores
  readonly signal: AbortSignal
}

async function perform(command: TransferCommand, paths: Checked, given: GivenWords, around: Around): Promise<void> {
  const {
    config,
    told: { telling, locate },
    stores,
    signal,
    settings,
    context,
  } = around
  const action = actions[paths.direction]
  const journal = given.resume === true ? journalOf(command, paths, given, context) : undefined
  const transfers: Transfers = {
    ...transfersFor(command, action, given, { settings, config, stores, signal }),
    progress: (job, bytes) => telling.progress(job, bytes),
    warn: (warning) => telling.warning(warningText(warning)),
    ...(journal === undefined ? {} : { journal }),
  }
  if (paths.stream) return streamed(paths, given, transfers, around)

  const hashes = given.checksum === true ? await hashCache(context) : undefined
  const search: JobsAround = {
    command,
    action,
    paths,
    given,
    ...stores,
    head: headFrom(given, action === 'copy'),
    signal,
    telling,
    tell: (text) => context.warn(text),
    ...(journal === undefined ? {} : { journal }),
    ...(hashes === undefined ? {} : { hashes }),
  }
  try {
    if (given.dryrun === true) return await dryRun(jobsOf(search), transfers.extras.upload, around)
    const jobs = given.plan === true ? await planned(jobsOf(search), given, context, locate) : jobsOf(search)
    if (jobs === undefined) return telling.allQueued()
    const all = thenTold(jobs, () => telling.allQueued())
    if (given.queue === undefined) await run(all, transfers, telling, { small: stores.small, large: large(config) })
    else {
      const { handOut } = await import('./work/hand-out.ts')
      await handOut(all, command, paths.direction, given, { context, settings, telling, signal })
    }
    if (journal && telling.tally.failed === 0) {
      await giveUpLeft(transfers)
      journal.remove()
    }
  } finally {
    journal?.close()
    hashes?.close()
  }
}

async function dryRun(
  jobs: AsyncIterable<readonly Job[]>,
  check: (job: Job) => unknown,
  { told: { telling } }: Around,
): Promise<void> {
  for await (const batch of jobs) {
    for (const job of batch) {
      check(job)
      telling.dryRun(job)
    }
  }
  telling.allQueued()
}

async function planned(
  jobs: AsyncIterable<readonly Job[]>,
  given: GivenWords,
  context: Context,
  locate: Told['locate'],
): Promise<(readonly Job[])[] | undefined> {
  const { agreed } = await import('./plan.ts')
  const batch = await agreed(jobs, given, context, locate)
  return batch && [batch]
}

async function hashCache(context: Context): Promise<NonNullable<JobsAround['hashes']>> {
  const { HashCache } = await import('../../../transfer/hash-cache.ts')
  return HashCache.open(`${stateFolder(context)}/hashes.sqlite`)
}

async function* thenTold(
  jobs: AsyncIterable<readonly Job[]> | Iterable<readonly Job[]>,
  end: () => void,
): AsyncGenerator<readonly Job[]> {
  yield* jobs
  end()
}

/** `-` is stdin or stdout. */
async function streamed(
  { from, to, direction }: Checked,
  given: GivenWords,
  transfers: Transfers,
  around: Around,
): Promise<void> {
  const {
    context,
    told: { telling },
  } = around
  const route = routeOf(from, to, false)
  const uploads = direction === 'locals3'
  const path = uploads ? '-' : route.from.path
  const name = path.slice(path.lastIndexOf('/') + 1)
  const job: Job = {
    action: uploads ? 'upload' : 'download',
    entry: { side: uploads ? 'local' : 's3', path, name },
    target: uploads ? targetOf(route, name) : '-',
    moves: false,
  }
  const expected = given['expected-size'] === undefined ? undefined : expectedSize(String(given['expected-size']))
  if (given.dryrun === true) {
    telling.dryRun(job)
    return telling.allQueued()
  }
  telling.queued(job)
  try {
    if (uploads) {
      const { standardInput } = await import('../../standard-input.ts')
      await uploadStream(job, standardInput(context), transfers, expected)
    } else {
      await downloadTo(job, writingTo(context.outside.stdout), transfers)
    }
    telling.done(job)
  } catch (error) {
    if (transfers.signal.aborted) throw error
    if (error instanceof Exists) telling.skipped(job)
    else telling.failed(job, error)
  }
  telling.allQueued()
}

function expectedSize(text: string): number {
  const size = Number(text)
  if (/^\s*[+-]?\d+\s*$/.test(text)) return size
  throw new Failure('InvalidValue', `invalid literal for int() with base 10: '${text}'`)
}

/** What is wanted of an object is known to whoever reads it: `| head` ends the transfer. */
function writingTo(output: { write(bytes: Uint8Array): boolean }): (bytes: Uint8Array) => void {
  return (bytes) => {
    if (!output.write(bytes)) throw Object.assign(new Error('nobody reads any more'), { code: 'EPIPE' })
  }
}
