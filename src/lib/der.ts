// How is a certificate written? X.509 in DER: a tag, a length, the content.
// https://www.rfc-editor.org/rfc/rfc5280

import { concat, toBase64, utf8 } from './bytes.ts'

export function der(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return concat([Uint8Array.of(tag, ...size), content])
}

export function sequence(...parts: Uint8Array[]): Uint8Array {
  return der(0x30, concat(parts))
}

/** `1.2.840.10045.4.3.2` */
export function objectId(dotted: string): Uint8Array {
  const [first, second, ...rest] = dotted.split('.').map(Number) as [number, number, ...number[]]
  const bytes = [first * 40 + second]
  for (const number of rest) {
    const digits = [number & 0x7f]
    for (let left = number >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80)
    bytes.push(...digits)
  }
  return der(0x06, Uint8Array.from(bytes))
}

/** A name that has a common name alone. */
export function commonName(name: string): Uint8Array {
  return sequence(der(0x31, sequence(objectId('2.5.4.3'), der(0x0c, utf8(name)))))
}

/** UTCTime, which goes to 2049. `time`: milliseconds. */
export function moment(time: number): Uint8Array {
  const digits = new Date(time).toISOString().replace(/[-:T]|\.\d+/g, '')
  return der(0x17, utf8(digits.slice(2)))
}

export function certificatePem(certificate: Uint8Array): string {
  const lines = toBase64(certificate).match(/.{1,64}/g)!
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
