// Who may call the server? Programs that sign; not web pages. A browser tells on itself by its Origin header, and a
// name that was rebound to this address (DNS rebinding) by its Host header.

import { utf8 } from '../lib/bytes.ts'
import type { HttpRequest, HttpResponse } from '../http/message.ts'

export interface Guests {
  /** Origins that were vouched for: `http://localhost:3000`; `*` for any. */
  readonly origins: readonly string[]
  /** Names the server is called by, beside addresses and names that no public DNS can give out. */
  readonly hosts: readonly string[]
}

/** The refusal, or undefined for a welcome guest. */
export function refusedGuest(request: HttpRequest, guests: Guests): HttpResponse | undefined {
  const { origin } = request.headers
  if (origin !== undefined && !guests.origins.includes(origin) && !guests.origins.includes('*'))
    return refusal(
      `Requests from web pages of ${origin} are refused; virga local start --allow-origin ${origin} lets them in.`,
    )
  const name = request.host.replace(/:\d+$/, '').toLowerCase()
  if (!isLocalName(name) && !guests.hosts.includes(name))
    return refusal(`This server is not called ${name}; virga local start --allow-host ${name} would make it so.`)
  return undefined
}

/**
 * Addresses, also behind what clients put before them (`123456789012.127.0.0.1`: no name ends in a number), names without
 * a dot, top-level names that are nobody's or AWS's own, and LocalStack's name for loopback, which its owners give to
 * nobody else.
 */
function isLocalName(name: string): boolean {
  if (/^\[.*\]$/.test(name) || /^(.+\.)?\d+(\.\d+){3}$/.test(name) || !name.includes('.')) return true
  if (name === 'localhost.localstack.cloud' || name.endsWith('.localhost.localstack.cloud')) return true
  return /\.(localhost|local|localdomain|internal|test|amazonaws\.com|amazonaws\.com\.cn|api\.aws|aws)$/.test(name)
}

function refusal(message: string): HttpResponse {
  const body = utf8(JSON.stringify({ __type: 'AccessDeniedException', message }) + '\n')
  return { status: 403, headers: { 'content-type': 'application/json' }, body }
}
