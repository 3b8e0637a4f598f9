// The fields of a form (multipart/form-data) with a file as its last.  https://www.rfc-editor.org/rfc/rfc7578

import { text, utf8 } from '../../../lib/bytes.ts'
import { s3Error } from './errors.ts'

/** The header that tells a PUT which came as a form. */
export const byForm = 'x-virga-form'

export interface Form {
  /** By name in lower case; S3 does not mind the case. */
  fields: Map<string, string>
  file: Uint8Array | undefined
  /** Undefined where the file came as a plain field. */
  fileName: string | undefined
}

/** Throws MalformedPOSTRequest. Fields behind the file count for nothing. */
export function readForm(contentType: string, body: Uint8Array): Form {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  if (!boundary) throw malformed()
  const delimiter = utf8(`--${boundary[1] ?? boundary[2]}`)
  const form: Form = { fields: new Map(), file: undefined, fileName: undefined }
  let at = indexOf(body, delimiter, 0)
  if (at < 0) throw malformed()
  for (;;) {
    at += delimiter.length
    if (body[at] === 45 && body[at + 1] === 45) return form // "--": the end
    const headEnd = indexOf(body, utf8('\r\n\r\n'), at)
    const next = indexOf(body, delimiter, at)
    if (headEnd < 0 || next < 0 || headEnd > next) throw malformed()
    const head = text(body.subarray(at, headEnd))
    const name = /content-disposition:[^\r\n]*[;\s]name="([^"]*)"/i.exec(head)?.[1]
    if (name === undefined) throw malformed()
    const content = body.subarray(headEnd + 4, next - 2)
    if (name.toLowerCase() === 'file') {
      form.file = content
      form.fileName = /filename="([^"]*)"/i.exec(head)?.[1]?.split(/[\\/]/).at(-1)
      const type = /content-type:\s*([^\r\n]+)/i.exec(head)?.[1]
      if (type !== undefined && !form.fields.has('content-type')) form.fields.set('\0content-type', type)
      return form
    }
    form.fields.set(name.toLowerCase(), text(content))
    at = next
  }
}

function indexOf(body: Uint8Array, wanted: Uint8Array, from: number): number {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).indexOf(wanted, from)
}

function malformed(): Error {
  return s3Error(400, 'MalformedPOSTRequest', 'The body of your POST request is not well-formed multipart/form-data.')
}
