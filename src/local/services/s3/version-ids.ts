// The ids of versions and uploads: opaque, as AWS's, and such that one that was never given out is known for it.

import { invalidVersion, noSuchVersion } from './errors.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._'

/** 32 characters for a version, more for an upload; the last two are made of the others. */
export function newVersionId(length = 32): string {
  let id = ''
  for (const byte of crypto.getRandomValues(new Uint8Array(length - 2))) id += alphabet[byte & 63]
  return id + checkOf(id)
}

function checkOf(text: string): string {
  let sum = 0
  for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) & 4095
  return alphabet[sum >> 6]! + alphabet[sum & 63]!
}

/** Whether a version may have, or have had, this id. */
export function isVersionId(id: string): boolean {
  return id === 'null' || (/^[A-Za-z0-9._]{32}$/.test(id) && checkOf(id.slice(0, -2)) === id.slice(-2))
}

/** What is said of a version that is not there: it is gone, or the id is not one at all. */
export function missingVersion(key: string, id: string): Error {
  return isVersionId(id) ? noSuchVersion(key, id) : invalidVersion(id)
}
