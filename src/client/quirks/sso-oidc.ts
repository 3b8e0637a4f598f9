// Errors here are OAuth's: what went wrong is in `error_description`. https://www.rfc-editor.org/rfc/rfc6749#section-5.2

import { text } from '../../lib/bytes.ts'
import { AwsError } from '../../lib/errors.ts'
import type { Quirks } from './index.ts'

export const ssoOidc: Quirks = {
  error(error, { response }) {
    if (error.message !== '' && error.message !== error.code) return error
    const description = descriptionIn(response.body)
    if (description === undefined) return error
    const { code, status, fault, detail } = error
    return new AwsError(code, description, { status, fault, detail, response: error.response })
  },
}

function descriptionIn(body: unknown): string | undefined {
  try {
    const parsed = JSON.parse(body instanceof Uint8Array ? text(body) : '') as Record<string, unknown> | null
    const description = parsed?.['error_description']
    return typeof description === 'string' && description !== '' ? description : undefined
  } catch {
    return undefined
  }
}
