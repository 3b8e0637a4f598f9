// How is a new resource called, when was it made, and which came first?

import { toHex } from '../../../lib/bytes.ts'

let count = 0

/** Moments, and within one the order of making. */
export function nextOrder(now: number): number {
  count = (count + 1) % 1000
  return now * 1000 + count
}

/** `i-0123456789abcdef0` */
export function newId(prefix: string): string {
  return `${prefix}-0${toHex(crypto.getRandomValues(new Uint8Array(8)))}`
}

/** `2026-01-02T03:04:05.000Z`: EC2 tells whole seconds. */
export function moment(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}.000Z`
}
