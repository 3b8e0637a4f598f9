// What is a door given, and how does it answer?

import type { HttpRequest, HttpResponse } from '../../http/message.ts'
import type { World } from '../world.ts'

export interface House {
  readonly world: World
  readonly started: Date
  /** Ends the server. */
  close(): void
}

export type Room = (request: HttpRequest, path: string, house: House) => Promise<HttpResponse>

export function json(status: number, value: object): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify(value) + '\n'),
  }
}

export function nothingHere({ method, path }: HttpRequest): HttpResponse {
  return json(404, { message: `There is no ${method} ${path} here.` })
}
