// `cp`, `mv`, `sync` and `rm` are one thing: find what is there, choose, and move it. The order of the steps is here.

import { Failure } from '../../../lib/errors.ts'
import type { Settings } from '../../../client/settings.ts'
import { downloadTo } from '../../../transfer/download.ts'
import type { Job } from '../../../transfer/entry.ts'
import { run } from '../../../transfer/engine.ts'
import { mediaTypes } from '../../../transfer/media-types.ts'
import { routeOf, targetOf } from '../../../transfer/places.ts'
import { GrowingSlots, Slots } from '../../../transfer/slots.ts'
import { SocketStore } from '../../../transfer/socket-store.ts'
import type { Store } from '../../../transfer/store.ts'
import type { Transfers } from '../../../transfer/transfer.ts'
import { uploadStream } from '../../../transfer/upload.ts'
import { settingsFor } from '../../clients.ts'
import type { Context, GivenWords } from '../command.ts'
import { checked } from './check.ts'
import type { Checked, TransferCommand } from './check.ts'
import { s3Config } from './config.ts'
import type { S3Config } from './config.ts'
import { untilInterrupted } from './interrupt.ts'
import { jobsOf } from './jobs.ts'
import { Printer } from './printer.ts'
import type { PrinterOptions, Verbosity } from './printer.ts'
import { extrasFrom, headFrom } from './request.ts'
import { pathShower } from './shown-path.ts'
import { errorText, warningText } from './words.ts'

const actions = { locals3: 'upload', s3local: 'download', s3s3: 'copy', s3: 'delete' } as const

/** Requests that carry parts, at a time, where nobody chose a number. */
const usualRequests = 10

/** Those that carry little: from the first number up to the second, while that makes it faster. */
const fewRequests = 16
const mostRequests = 256

/** Returns the exit code: 1 where something failed, 2 where something was passed over with a warning. */
export async function transfer(command: TransferCommand, given: GivenWords, context: Context): Promise<number> {
  const paths = checked(command, given)
  if (command === 'mv' && paths.direction === 's3s3') {
    const { checkUnderlyingPaths } = await import('./underlying.ts')
    await checkUnderlyingPaths(paths, given, context)
  }
  const settings = await context.settings()
  const config = s3Config(settings.key('s3'))
  const printer = new Printer(printing(paths, given, context))
  const stores = storesFor(paths, given, settings, config)
  try {
    return await untilInterrupted(async (signal) => {
      try {
        await perform(command, paths, given, { context, settings, config, printer, stores, signal })
      } catch (error) {
        printer.fatal(signal.aborted ? 'cancelled: ctrl-c received' : `fatal error: ${errorText(error)}`)
      }
      return printer.exitCode
    })
  } finally {
    stores.source.close()
    stores.target.close()
  }
}

interface Around {
  readonly context: Context
  readonly settings: Settings
  readonly config: S3Config
  readonly printer: Printer
  readonly stores: Stores
  readonly signal: AbortSignal
}

async function perform(command: TransferCommand, paths: Checked, given: GivenWords, around: Around): Promise<void> {
  const { config, printer, stores, signal, settings, context } = around
  const extras = extrasFrom(command, given, {
    checksums: settings.key('request_checksum_calculation') !== 'when_required',
    typeOf: paths.direction === 'locals3' ? mediaTypes() : () => undefined,
  })
  const transfers: Transfers = {
    ...stores,
    sizes: { threshold: config.multipartThreshold, part: config.multipartChunksize },
    extras,
    slots: new Slots(config.maxConcurrentRequests ?? usualRequests),
    signal,
    progress: (job, bytes) => printer.progress(job, bytes),
    warn: (warning) => printer.warning(warningText(warning)),
  }
  if (paths.stream) return streamed(paths, given, transfers, printer, context)

  const action = actions[paths.direction]
  const jobs = jobsOf(command, action, paths, given, {
    ...stores,
    head: headFrom(given, action === 'copy'),
    signal,
    warn: (text) => printer.warning(text),
    tell: (text) => context.warn(text),
  })
  if (given.dryrun === true) {
    for await (const job of jobs) {
      extras.upload(job)
      printer.dryRun(job)
    }
    printer.allQueued()
    return
  }
  const large = config.maxConcurrentRequests ?? usualRequests
  await run(thenTold(jobs, () => printer.allQueued()), transfers, printer, { small: stores.small, large })
}

async function* thenTold(jobs: AsyncIterable<Job>, end: () => void): AsyncGenerator<Job> {
  yield* jobs
  end()
}

/** `-` is stdin or stdout. */
async function streamed(
  { from, to, direction }: Checked,
  given: GivenWords,
  transfers: Transfers,
  printer: Printer,
  context: Context,
): Promise<void> {
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
  printer.queued(job)
  try {
    if (uploads) {
      const { standardInput } = await import('./standard-input.ts')
      await uploadStream(job, standardInput(context), transfers, expected)
    } else {
      await downloadTo(job, (bytes) => void context.outside.stdout.write(bytes), transfers)
    }
    printer.done(job)
  } catch (error) {
    if (transfers.signal.aborted) throw error
    printer.failed(job, error)
  }
  printer.allQueued()
}

function expectedSize(text: string): number {
  const size = Number(text)
  if (/^\s*[+-]?\d+\s*$/.test(text)) return size
  throw new Failure('InvalidValue', `invalid literal for int() with base 10: '${text}'`)
}

interface Stores {
  readonly source: Store
  readonly target: Store
  /** For requests that carry little. */
  readonly small: Slots
}

/** Of a copy's two sides the source may lie in another region, where --endpoint-url does not lead. */
function storesFor({ direction }: Checked, given: GivenWords, settings: Settings, config: S3Config): Stores {
  const { maxConcurrentRequests: chosen } = config
  const growing = chosen === undefined ? new GrowingSlots(fewRequests, mostRequests) : undefined
  const small = growing ?? new Slots(chosen!)
  const target = new SocketStore(settings, () => growing?.tooMany())
  const region = given['source-region'] as string | undefined
  if (!region || direction !== 's3s3') return { source: target, target, small }
  return { source: new SocketStore(settingsFor(settings, { region, endpointUrl: 'configured' })), target, small }
}

function printing({ stream, direction }: Checked, given: GivenWords, context: Context): PrinterOptions {
  const shown = pathShower(context.outside.cwd)
  const place = (side: 's3' | 'local', path: string): string =>
    side === 's3' ? `s3://${path}` : path === '-' ? path : shown(path)
  return {
    verbosity: verbosity(given, stream, direction === 's3'),
    ...(given['progress-frequency'] === undefined ? {} : { progressEvery: Number(given['progress-frequency']) }),
    multiline: given['progress-multiline'] === true,
    write: context.write,
    warn: (text) => context.outside.stderr.write(text),
    now: () => performance.now(),
    locate: ({ action, entry, target }) => {
      const from = place(entry.side, entry.path)
      return target === undefined ? from : `${from} to ${place(action === 'download' ? 'local' : 's3', target)}`
    },
    errorText,
  }
}

function verbosity(given: GivenWords, stream: boolean, removes: boolean): Verbosity {
  if (given.quiet === true) return 'quiet'
  if (given['only-show-errors'] === true || stream) return 'errors'
  return removes || given['no-progress'] === false ? 'no progress' : 'progress'
}
