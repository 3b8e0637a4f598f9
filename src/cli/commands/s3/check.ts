// Do the words of a command that moves objects fit together? What is wrong is told in the reference's order and words.

import { existsSync, mkdirSync } from 'node:fs'
import { basename } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import { bucketAndKey, isDirectoryBucket, isS3Uri } from '../../../transfer/places.ts'
import type { GivenWords } from '../command.ts'

export type TransferCommand = 'cp' | 'mv' | 'sync' | 'rm'

/** From which side to which; `s3`: one side only. */
export type Direction = 'locals3' | 's3local' | 's3s3' | 's3'

export interface Checked {
  readonly direction: Direction
  /** As typed, but that a bucket ends with a slash. */
  readonly from: string
  readonly to: string
  /** All below the paths. */
  readonly tree: boolean
  /** One of the sides is `-`. */
  readonly stream: boolean
}

const twoPaths = '<LocalPath> <S3Uri> or <S3Uri> <LocalPath> or <S3Uri> <S3Uri>'

const usages: Readonly<Record<TransferCommand, string>> = { cp: twoPaths, mv: twoPaths, sync: twoPaths, rm: '<S3Uri>' }

/** Throws Failure('ParamValidation' | 'InvalidValue'). Makes the folder that a tree is downloaded to. */
export function checked(command: TransferCommand, given: GivenWords): Checked {
  const typed = given.paths as readonly string[]
  const direction = typed.map((path) => (isS3Uri(path) ? 's3' : 'local')).join('')
  const fitting = command === 'rm' ? ['s3'] : ['locals3', 's3local', 's3s3']
  if (!fitting.includes(direction)) {
    throw refused(`usage: aws s3 ${command} ${usages[command]}\nError: Invalid argument type`)
  }
  const paths = typed.map(withSlash)
  const found: Checked = {
    direction: direction as Direction,
    from: paths[0]!,
    to: paths.at(-1)!,
    stream: paths.includes('-'),
    tree: command === 'sync' || given.recursive === true,
  }
  if (found.stream && (command !== 'cp' || found.tree)) {
    throw refused('Streaming currently is only compatible with non-recursive cp commands')
  }
  if (found.stream && given['no-overwrite'] === true && found.to === '-') {
    throw refused('--no-overwrite parameter is not supported for streaming downloads')
  }
  // What was read from a stream cannot be read again, and what is not known cannot be shown.
  for (const option of ['resume', 'plan']) {
    if (found.stream && given[option] === true) throw refused(`--${option} does not work with streams`)
  }
  checkPaths(command, found, given)
  checkCustomerKeys(found, given)
  if (command === 'sync' && [found.from, found.to].some(isInDirectoryBucket)) {
    throw refused('Cannot use sync command with a directory bucket.')
  }
  return found
}

function refused(message: string): Failure {
  return new Failure('ParamValidation', message)
}

/** `s3://bucket` is `s3://bucket/`. */
function withSlash(path: string): string {
  if (!isS3Uri(path)) return path
  return bucketAndKey(path).key === '' && !path.endsWith('/') ? `${path}/` : path
}

function isInDirectoryBucket(path: string): boolean {
  return isS3Uri(path) && isDirectoryBucket(bucketAndKey(path).bucket)
}

function checkPaths(command: TransferCommand, { direction, from, to, tree, stream }: Checked, given: GivenWords): void {
  if (command === 'mv' && direction === 's3s3') requireDifferent(from, to, from, to)
  if (given['checksum-algorithm']) requireDirection('checksum-algorithm', direction, ['locals3', 's3s3'])
  if (given['checksum-mode']) requireDirection('checksum-mode', direction, ['s3local'])
  if (direction === 'locals3' && !stream && !existsSync(from)) {
    throw new Failure('InvalidValue', `The user-provided path ${from} does not exist.`)
  }
  if (direction === 's3local' && tree && !existsSync(to)) mkdirSync(to, { recursive: true })
}

/** Throws where one would take the name of the other. */
export function requireDifferent(from: string, to: string, typedFrom: string, typedTo: string): void {
  if (samePlace(from, to)) throw refused(`Cannot mv a file onto itself: ${typedFrom} - ${typedTo}`)
}

export function samePlace(from: string, to: string): boolean {
  return from === to || (to.endsWith('/') && from === to + (from.endsWith('/') ? '' : basename(from)))
}

const directions: Readonly<Record<Direction, string>> = {
  locals3: '<LocalPath> <S3Uri>',
  s3s3: '<S3Uri> <S3Uri>',
  s3local: '<S3Uri> <LocalPath>',
  s3: '<S3Uri>',
}

function requireDirection(name: string, direction: Direction, allowed: readonly Direction[]): void {
  if (allowed.includes(direction)) return
  throw refused(
    `Expected ${name} parameter to be used with one of following path formats: ` +
      `${allowed.map((each) => directions[each]).join(', ')}. Instead, received ${directions[direction]}.`,
  )
}

function checkCustomerKeys({ direction }: Checked, given: GivenWords): void {
  for (const name of ['sse-c', 'sse-c-copy-source']) {
    const [algorithm, key] = [given[name], given[`${name}-key`]]
    if (algorithm && !key) throw refused(`If --${name} is specified, --${name}-key must be specified as well.`)
    if (key && !algorithm) throw refused(`If --${name}-key is specified, --${name} must be specified as well.`)
  }
  if (given['sse-c-copy-source'] && direction !== 's3s3') {
    throw refused('--sse-c-copy-source is only supported for copy operations.')
  }
}
