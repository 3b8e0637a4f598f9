// In which words does the reference tell what was passed over, and what went wrong?

import { AwsError, Failure } from '../../../lib/errors.ts'
import { repr } from '../../../lib/python.ts'
import { serviceErrorText } from '../../report.ts'
import type { Entry, Job, Skip } from '../../../transfer/entry.ts'
import { NoFolder } from '../../../transfer/target-file.ts'
import type { Warning } from '../../../transfer/transfer.ts'

const reasons: Partial<Record<Skip, string>> = {
  missing: 'File does not exist.',
  special: 'File is character special device, block special device, FIFO, or socket.',
  unreadable: 'File/Directory is not readable.',
  outside: 'File references a parent directory.',
}

export function skipText(path: string, why: Skip): string {
  return `warning: Skipping file ${path}. ${reasons[why] ?? why}`
}

export function archivedText({ path }: Entry, action: Job['action']): string {
  return (
    `warning: Skipping file s3://${path}. Object is of storage class GLACIER. Unable to perform ${action} operations on ` +
    'GLACIER objects. You must restore the object to be able to perform the operation. See aws s3 ' +
    `${action} help for additional parameter options to ignore or force these transfers.`
  )
}

export function warningText({ path, error }: Warning): string {
  const text =
    (error as NodeJS.ErrnoException).code === 'EPERM'
      ? 'The file was downloaded, but attempting to modify the utime of the file failed. Is the file owned by another user?'
      : systemErrorText(error)
  return `warning: Skipping file ${path}. Successfully Downloaded ${path} but was unable to update the last modified time. ${text}`
}

/** Of an error that ended a transfer, or the command. */
export function errorText(error: unknown): string {
  if (error instanceof AwsError) return serviceErrorText(error)
  // Here the reference leaves out what to do about it.
  if (error instanceof Failure) return error.kind === 'NoCredentials' ? 'Unable to locate credentials' : error.message
  if (error instanceof NoFolder) {
    return `Could not create directory ${error.folder}: ${systemErrorText(error.cause)}`
  }
  return systemErrorText(error)
}

/** Python's words for what the system refuses. */
const systemErrors: Readonly<Record<string, string>> = {
  EPERM: '[Errno 1] Operation not permitted',
  ENOENT: '[Errno 2] No such file or directory',
  EIO: '[Errno 5] Input/output error',
  EACCES: '[Errno 13] Permission denied',
  EEXIST: '[Errno 17] File exists',
  ENOTDIR: '[Errno 20] Not a directory',
  EISDIR: '[Errno 21] Is a directory',
  EMFILE: '[Errno 24] Too many open files',
  ENOSPC: '[Errno 28] No space left on device',
  EROFS: '[Errno 30] Read-only file system',
  EPIPE: '[Errno 32] Broken pipe',
  ENAMETOOLONG: '[Errno 36] File name too long',
  ENOTEMPTY: '[Errno 39] Directory not empty',
  ELOOP: '[Errno 40] Too many levels of symbolic links',
}

/** `[Errno 21] Is a directory: '/a' -> '/b'`. */
function systemErrorText(error: unknown): string {
  const { code, path, dest } = error as NodeJS.ErrnoException & { dest?: string }
  if (code === undefined) return error instanceof Error ? error.message : String(error)
  const text = systemErrors[code] ?? (error as Error).message
  if (path === undefined) return text
  return dest === undefined ? `${text}: ${repr(path)}` : `${text}: ${repr(path)} -> ${repr(dest)}`
}
