// What the engine needs to carry out the jobs of a command: both sides, the members of its requests, how much at a time.

import type { Settings } from '../../../client/settings.ts'
import type { Action } from '../../../transfer/entry.ts'
import { mediaTypes } from '../../../transfer/media-types.ts'
import { pacer } from '../../../transfer/pace.ts'
import { GrowingSlots, Slots } from '../../../transfer/slots.ts'
import { SocketStore } from '../../../transfer/socket-store.ts'
import type { Store } from '../../../transfer/store.ts'
import type { Transfers } from '../../../transfer/transfer.ts'
import { settingsFor } from '../../clients.ts'
import type { GivenWords } from '../command.ts'
import type { Direction, TransferCommand } from './check.ts'
import type { S3Config } from './config.ts'
import { extrasFrom } from './request.ts'

/** Requests that carry parts, at a time, where nobody chose a number. */
const usualRequests = 10

/**
 * Those that carry little: so many to begin with, more as the first answer tells how far the way is, and up to the most
 * while that makes it faster. Before an upload nothing is asked that would tell.
 */
const fewRequests = 32
const fewUploads = 128
const mostRequests = 512

/** Transfers in parts at a time. */
export function large({ maxConcurrentRequests }: S3Config): number {
  return maxConcurrentRequests ?? usualRequests
}

/** All but the output. Throws Failure('ParamValidation'). */
export function transfersFor(
  command: TransferCommand,
  action: Action,
  given: GivenWords,
  { settings, config, stores, signal }: { settings: Settings; config: S3Config; stores: Stores; signal: AbortSignal },
): Omit<Transfers, 'progress' | 'warn' | 'journal'> {
  return {
    ...stores,
    sizes: { threshold: config.multipartThreshold, part: config.multipartChunksize },
    extras: extrasFrom(command, given, {
      checksums: settings.key('request_checksum_calculation') !== 'when_required',
      typeOf: action === 'upload' ? mediaTypes() : () => undefined,
    }),
    slots: new Slots(large(config)),
    signal,
    ...(config.maxBandwidth === undefined ? {} : { pace: pacer(config.maxBandwidth) }),
  }
}

export interface Stores {
  readonly source: Store
  readonly target: Store
  /** For requests that carry little. */
  readonly small: Slots
}

/** Of a copy's two sides the source may lie in another region, where --endpoint-url does not lead. */
export function storesFor(direction: Direction, given: GivenWords, settings: Settings, config: S3Config): Stores {
  const { maxConcurrentRequests: chosen } = config
  const few = direction === 'locals3' ? fewUploads : fewRequests
  const growing = chosen === undefined ? new GrowingSlots(few, mostRequests) : undefined
  const small = growing ?? new Slots(chosen!)
  const target = new SocketStore(settings, growing)
  const region = given['source-region'] as string | undefined
  if (!region || direction !== 's3s3') return { source: target, target, small }
  return { source: new SocketStore(settingsFor(settings, { region, endpointUrl: 'configured' })), target, small }
}
