// Continuation tokens: where a listing goes on.

import { invalidArgument } from './errors.ts'

/** Opaque to the caller. */
export function tokenFor(position: string): string {
  return Buffer.from(`1${position}`, 'utf8').toString('base64url')
}

/** Throws InvalidArgument. */
export function openToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8')
  if (!text.startsWith('1') || tokenFor(text.slice(1)) !== token)
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token')
  return text.slice(1)
}
