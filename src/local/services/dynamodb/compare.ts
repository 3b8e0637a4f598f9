// How do two values compare? Equal by content (sets without order), in order only where both are text, numbers or binary.

import { fromBase64, toHex } from '../../../lib/bytes.ts'
import { compareKeys } from '../../store/order.ts'
import { compareNumbers } from './numbers.ts'
import { attributeOf, type AttributeValue } from './values.ts'

export function isEqual(a: AttributeValue, b: AttributeValue): boolean {
  if (a.S !== undefined) return a.S === b.S
  if (a.N !== undefined) return a.N === b.N
  if (a.B !== undefined) return a.B === b.B
  if (a.BOOL !== undefined) return a.BOOL === b.BOOL
  if (a.NULL !== undefined) return b.NULL !== undefined
  if (a.L) return b.L !== undefined && a.L.length === b.L.length && a.L.every((each, i) => isEqual(each, b.L![i]!))
  if (a.M) {
    const { M } = b
    if (!M) return false
    const names = Object.keys(a.M)
    return (
      names.length === Object.keys(M).length &&
      names.every((name) => {
        const other = attributeOf(M, name)
        return other !== undefined && isEqual(a.M![name]!, other)
      })
    )
  }
  return isEqualSet(a.SS, b.SS) || isEqualSet(a.NS, b.NS) || isEqualSet(a.BS, b.BS)
}

function isEqualSet(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (!a || !b || a.length !== b.length) return false
  const members = new Set(b)
  return a.every((member) => members.has(member))
}

/** Less than 0, 0, or more; undefined where there is no order. */
export function order(a: AttributeValue, b: AttributeValue): number | undefined {
  if (a.S !== undefined && b.S !== undefined) return compareKeys(a.S, b.S)
  if (a.N !== undefined && b.N !== undefined) return compareNumbers(a.N, b.N)
  if (a.B !== undefined && b.B !== undefined) {
    const [x, y] = [hexOf(a.B), hexOf(b.B)]
    return x < y ? -1 : x > y ? 1 : 0
  }
  return undefined
}

/** Bytes as text that sorts as they do, and begins as they do. */
export function hexOf(base64: string): string {
  return toHex(fromBase64(base64))
}

/** A part of a text or of binary, a member of a set, an element of a list. */
export function contains(whole: AttributeValue, part: AttributeValue): boolean {
  if (whole.L) return whole.L.some((each) => isEqual(each, part))
  if (part.S !== undefined) return whole.S?.includes(part.S) ?? whole.SS?.includes(part.S) ?? false
  if (part.N !== undefined) return whole.NS?.includes(part.N) ?? false
  if (part.B === undefined) return false
  if (whole.BS) return whole.BS.includes(part.B)
  return whole.B !== undefined && bytesInclude(hexOf(whole.B), hexOf(part.B))
}

/** In hex, only what begins at a whole byte. */
function bytesInclude(whole: string, part: string): boolean {
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1)) if (at % 2 === 0) return true
  return false
}

export function beginsWith(whole: AttributeValue, start: AttributeValue): boolean {
  if (whole.S !== undefined && start.S !== undefined) return whole.S.startsWith(start.S)
  return whole.B !== undefined && start.B !== undefined && hexOf(whole.B).startsWith(hexOf(start.B))
}
