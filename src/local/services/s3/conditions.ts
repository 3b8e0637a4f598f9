// Does a request's condition on the object hold? If-Match and its kin, for reading, copying and writing.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html

import { conditionalConflict, notImplemented, noSuchKey, notModified, preconditionFailed } from './errors.ts'
import { wholeSecond } from './moments.ts'
import type { Upload, Version } from './records.ts'

interface Reading {
  IfMatch?: string
  IfNoneMatch?: string
  IfModifiedSince?: Date
  IfUnmodifiedSince?: Date
}

/** For GET and HEAD: throws 412, or 304. What looks at the ETag outweighs what looks at the time. (RFC 9110 §13.2.2) */
export function checkReading(input: Reading, version: Version): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = input
  if (IfMatch !== undefined) {
    if (!names(IfMatch, version)) throw preconditionFailed('If-Match')
  } else if (IfUnmodifiedSince && wholeSecond(version.modified) > IfUnmodifiedSince) {
    throw preconditionFailed('If-Unmodified-Since')
  }
  if (IfNoneMatch !== undefined) {
    if (names(IfNoneMatch, version)) throw notModified()
  } else if (IfModifiedSince && wholeSecond(version.modified) <= IfModifiedSince) {
    throw notModified()
  }
}

/** For the source of a copy: everything that does not hold is 412. */
export function checkSource(input: Record<string, any>, version: Version): void {
  try {
    checkReading(
      {
        IfMatch: input['CopySourceIfMatch'],
        IfNoneMatch: input['CopySourceIfNoneMatch'],
        IfModifiedSince: input['CopySourceIfModifiedSince'],
        IfUnmodifiedSince: input['CopySourceIfUnmodifiedSince'],
      },
      version,
    )
  } catch {
    const failed = ['Match', 'NoneMatch', 'UnmodifiedSince', 'ModifiedSince'].find(
      (name) => input[`CopySourceIf${name}`] !== undefined,
    )
    const header = failed!.replace(/(?!^)([A-Z])/g, '-$1')
    throw preconditionFailed(`x-amz-copy-source-If-${header}`)
  }
}

/** For a write: `If-None-Match: *` (there must be no object) and `If-Match: etag` (it must be that one). */
export function checkWriting(
  input: { IfMatch?: string; IfNoneMatch?: string },
  key: string,
  newest: Version | undefined,
): void {
  const { IfMatch, IfNoneMatch } = input
  if (IfMatch === undefined && IfNoneMatch === undefined) return
  if (IfMatch !== undefined && IfNoneMatch !== undefined)
    throw unknownCondition('If-Match,If-None-Match', 'Multiple conditional request headers present in the request')
  if (IfMatch === '*') throw unknownValue('If-Match')
  if (IfMatch === undefined && IfNoneMatch !== '*') throw unknownValue('If-None-Match')
  if (IfNoneMatch === '*' && isThere(newest)) throw preconditionFailed('If-None-Match')
  if (IfMatch === undefined) return
  if (!isThere(newest)) throw noSuchKey(key)
  if (!names(IfMatch, newest)) throw preconditionFailed('If-Match')
}

/** For the end of an upload, too: what the condition is about must not have changed since its beginning. */
export function checkCompleting(
  input: { IfMatch?: string; IfNoneMatch?: string },
  { key, replaces }: Upload,
  newest: Version | undefined,
): void {
  checkWriting(input, key, newest)
  if (input.IfNoneMatch !== undefined && replaces !== undefined) throw conditionalConflict('If-None-Match', key)
  if (input.IfMatch !== undefined && newest!.seq !== replaces) throw conditionalConflict('If-Match', key)
}

export function isThere(version: Version | undefined): version is Version {
  return version !== undefined && !version.deleted
}

function unknownValue(header: string): Error {
  return unknownCondition(header, `We don't accept the provided value of ${header} header for this API`)
}

function unknownCondition(Header: string, additionalMessage: string): Error {
  return notImplemented('A header you provided implies functionality that is not implemented', {
    Header,
    additionalMessage,
  })
}

/** For DELETE: the ETag, time and size that the object must have. */
export function checkDeleting(input: Record<string, any>, version: Version | undefined): void {
  const etag: string | undefined = input['IfMatch'] ?? input['ETag']
  const time: Date | undefined = input['IfMatchLastModifiedTime'] ?? input['LastModifiedTime']
  const size: number | undefined = input['IfMatchSize'] ?? input['Size']
  if (etag === undefined && time === undefined && size === undefined) return
  const there = isThere(version) ? version : undefined
  if (!there && etag === '*') throw preconditionFailed('If-Match')
  if (!there) return
  if (etag !== undefined && !names(etag, there)) throw preconditionFailed('If-Match')
  if (time && wholeSecond(there.modified).getTime() !== time.getTime())
    throw preconditionFailed('x-amz-if-match-last-modified-time')
  if (size !== undefined && size !== there.size) throw preconditionFailed('x-amz-if-match-size')
}

/** `"a", "b"`, `W/"a"`, bare, or `*`. */
function names(tags: string, version: Version): boolean {
  return tags.split(',').some((tag) => {
    const bare = tag.trim().replace(/^W\//, '').replace(/^"|"$/g, '')
    return bare === '*' || bare === version.etag
  })
}
