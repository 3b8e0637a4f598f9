// The ids of versions and uploads: opaque, as AWS's. One that was never given out is known for it, and of one that is
// gone it can still be told where it stood among the others: whoever deletes while listing goes on behind it.

import { invalidVersion, noSuchVersion } from './errors.ts'

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._'

const digits = 8

/** 32 characters for a version, more for an upload. `place`: its number among the others (48 bits), told by `placeOf`. */
export function newVersionId(place: number, length = 32): string {
  let id = ''
  for (let left = place; id.length < digits; left = Math.floor(left / 64)) id = alphabet[left % 64]! + id
  for (const byte of crypto.getRandomValues(new Uint8Array(length - digits - 2))) id += alphabet[byte & 63]
  return id + checkOf(id)
}

/** Undefined for what is no id. */
export function placeOf(id: string): number | undefined {
  if (checkOf(id.slice(0, -2)) !== id.slice(-2)) return undefined
  let place = 0
  for (const digit of id.slice(0, digits)) place = place * 64 + alphabet.indexOf(digit)
  return place
}

function checkOf(text: string): string {
  let sum = 0
  for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) & 4095
  return alphabet[sum >> 6]! + alphabet[sum & 63]!
}

/** Whether a version may have, or have had, this id. */
export function isVersionId(id: string): boolean {
  return id === 'null' || (/^[A-Za-z0-9._]{32}$/.test(id) && placeOf(id) !== undefined)
}

/** What is said of a version that is not there: it is gone, or the id is not one at all. */
export function missingVersion(key: string, id: string): Error {
  return isVersionId(id) ? noSuchVersion(key, id) : invalidVersion(id)
}
