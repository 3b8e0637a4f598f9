// Status line and headers of an answer, as they go out.

import { asByteString } from '../lib/bytes.ts'
import type { HttpResponse } from './message.ts'

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
}

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
  let text = `HTTP/1.1 ${status} ${reasons[status] ?? 'Unknown'}\r\n`
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
