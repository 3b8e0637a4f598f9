// Where do things lie, and where do they go: how are the two paths of a command understood?
//
// One side is `s3://bucket/key`, held here as `bucket/key`; the other a local path, or S3 as well. What moves keeps its
// path below its root; a single thing keeps its name, or takes the one the target gives it.

import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Failure } from '../lib/errors.ts'
import type { Address } from './store.ts'

export type Side = 's3' | 'local'

/** A root: of a tree (it ends with a slash), or one thing. */
export interface Place {
  readonly side: Side
  /** `bucket/key`, or an absolute path. */
  readonly path: string
}

/** From where to where. */
export interface Route {
  readonly from: Place
  readonly to: Place
  /** All below the place, not the one thing it names. */
  readonly tree: boolean
  /** The target takes the source's name behind its own path. */
  readonly keepsName: boolean
}

const accessPoint = /^(arn:aws.*:s3:[a-z\-0-9]*:[0-9]{12}:accesspoint[:/][^/]+)\/?(.*)$/s
const outpostAccessPoint =
  /^(arn:aws.*:s3-outposts:[a-z\-0-9]+:[0-9]{12}:outpost[/:][a-zA-Z0-9-]{1,63}[/:]accesspoint[/:][a-zA-Z0-9-]{1,63})[/:]?(.*)$/s
const outpostBucket =
  /^arn:aws.*:s3-outposts:[a-z\-0-9]+:[0-9]{12}:outpost[/:][a-zA-Z0-9-]{1,63}[/:]bucket[/:][a-zA-Z0-9-]{1,63}[/:]?/
const objectLambda = /^arn:aws.*:s3-object-lambda:[a-z\-0-9]+:[0-9]{12}:accesspoint[/:][a-zA-Z0-9-]{1,63}[/:]?/

export function isS3Uri(path: string): boolean {
  return path.startsWith('s3://')
}

/**
 * `bucket/a/b` → bucket and `a/b`; a bucket may be the ARN of an access point, which has slashes of its own.
 * Throws Failure('ParamValidation') for what no object operation reaches.
 */
export function bucketAndKey(path: string): { bucket: string; key: string } {
  const plain = isS3Uri(path) ? path.slice(5) : path
  if (plain.startsWith('arn:')) {
    if (objectLambda.test(plain)) {
      throw new Failure(
        'ParamValidation',
        's3 commands do not support S3 Object Lambda resources. Use s3api commands instead.',
      )
    }
    if (outpostBucket.test(plain)) {
      throw new Failure(
        'ParamValidation',
        's3 commands do not support Outpost Bucket ARNs. Use s3control commands instead.',
      )
    }
    const arn = accessPoint.exec(plain) ?? outpostAccessPoint.exec(plain)
    if (arn) return { bucket: arn[1]!, key: arn[2]! }
  }
  const slash = plain.indexOf('/')
  return slash < 0 ? { bucket: plain, key: '' } : { bucket: plain.slice(0, slash), key: plain.slice(slash + 1) }
}

export function addressOf(path: string): Address {
  const { bucket, key } = bucketAndKey(path)
  return { Bucket: bucket, Key: key }
}

/** A bucket of S3 Express One Zone, which lists in no order. */
export function isDirectoryBucket(bucket: string): boolean {
  return bucket.endsWith('--x-s3')
}

/** `tree`: the command acts on all that is below the paths. */
export function routeOf(from: string, to: string, tree: boolean): Route {
  const target = placeOf(to, tree)
  return { from: placeOf(from, tree).place, to: target.place, tree, keepsName: target.keepsName }
}

function placeOf(path: string, tree: boolean): { place: Place; keepsName: boolean } {
  if (isS3Uri(path)) {
    const plain = path.slice(5)
    const asTree = tree && !plain.endsWith('/') ? `${plain}/` : plain
    return { place: { side: 's3', path: asTree }, keepsName: asTree.endsWith('/') }
  }
  const absolute = resolve(path)
  const keepsName = tree || isDirectory(absolute) || path.endsWith('/')
  const asTree = keepsName && !absolute.endsWith('/') ? `${absolute}/` : absolute
  return { place: { side: 'local', path: keepsName ? asTree : absolute }, keepsName }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Where it goes. A key may have slashes one after another; for a file system they are one. */
export function targetOf(route: Route, name: string): string {
  if (!route.keepsName) return route.to.path
  const path = route.to.path + name
  return route.to.side === 'local' && path.includes('//') ? path.replace(/\/+/g, '/') : path
}
