// Status line and headers of an answer, as they go out.

import { asByteString } from '../lib/bytes.ts'
import type { HttpResponse } from './message.ts'
import { reasonOf } from './reasons.ts'

export interface Shape {
  /** Of the body, where it is known. */
  readonly length: number | undefined
  readonly isBodiless: boolean
  readonly inChunks: boolean
  /** Nothing follows on this connection. */
  readonly last: boolean
}

export function headText(
  { status, headers, trailers }: HttpResponse,
  { length, isBodiless, inChunks, last }: Shape,
): string {
  let text = `HTTP/1.1 ${status} ${reasonOf(status) || 'Unknown'}\r\n`
  for (const name in headers) {
    if (name === 'connection' || name === 'transfer-encoding') continue
    if (name === 'content-length' && (status === 204 || (!isBodiless && length !== undefined))) continue
    const value = headers[name]!
    if (name === 'set-cookie') for (const each of value.split('\n')) text += `${name}: ${wireValue(each)}\r\n`
    else text += `${name}: ${wireValue(value)}\r\n`
  }
  if (
    status !== 204 &&
    length !== undefined &&
    (!isBodiless || (length > 0 && headers['content-length'] === undefined))
  )
    text += `content-length: ${length}\r\n`
  if (inChunks) {
    text += 'transfer-encoding: chunked\r\n'
    if (trailers && Object.keys(trailers).length > 0) text += `trailer: ${Object.keys(trailers).join(', ')}\r\n`
  }
  if (headers['date'] === undefined) text += `date: ${httpDate()}\r\n`
  return `${text}connection: ${last ? 'close' : 'keep-alive'}\r\n\r\n`
}

let lastSecond = NaN
let lastDate = ''

/** Now, as HTTP says it: many answers go out in the same second. */
export function httpDate(): string {
  const second = Math.floor(Date.now() / 1000)
  if (second !== lastSecond) lastDate = new Date((lastSecond = second) * 1000).toUTCString()
  return lastDate
}

/** Text goes out as UTF-8, as S3 sends metadata; what would end the line becomes a space. */
export function wireValue(value: string): string {
  if (/^[\t\x20-\x7e]*$/.test(value)) return value
  // eslint-disable-next-line no-control-regex
  return asByteString(value).replace(/[\0-\x08\x0a-\x1f\x7f]/g, ' ')
}
