// What does the server answer beside AWS? Its own small interface, and the doors by which those come in who are used to
// moto and to LocalStack: their set-ups ask there whether all is up, and for a fresh start between tests.
//
// What is signed is AWS's: a bucket may be called `moto-api`.

import type { HttpRequest, HttpResponse } from '../../http/message.ts'
import type { House, Room } from './room.ts'

const rooms: readonly { prefix: string; load: () => Promise<Room> }[] = [
  { prefix: '/_virga/sns/', load: async () => (await import('./sns.ts')).sns },
  { prefix: '/_aws/sqs/', load: async () => (await import('./queues.ts')).queues },
  { prefix: '/_aws/sns/', load: async () => (await import('./outbox.ts')).outbox },
  { prefix: '/_virga/', load: async () => (await import('./virga.ts')).virga },
  { prefix: '/_localstack/', load: async () => (await import('./localstack.ts')).localstack },
  { prefix: '/moto-api/', load: async () => (await import('./moto.ts')).moto },
]

/** Undefined for what is AWS's. */
export function besideAws(request: HttpRequest, house: House): Promise<HttpResponse> | undefined {
  const { path, headers, query } = request
  if (!path.startsWith('/_') && !path.startsWith('/moto-api') && path !== '/health') return undefined
  if (headers['authorization'] !== undefined || /(^|&)(X-Amz-Signature|Signature)=/.test(query)) return undefined
  // LocalStack's health once was here.
  const asked = path === '/health' ? '/_localstack/health' : `${path.replace(/\/$/, '')}/`
  const room = rooms.find(({ prefix }) => asked.startsWith(prefix))
  if (room === undefined) return undefined
  const within = asked.slice(room.prefix.length).replace(/\/$/, '')
  return room.load().then((answer) => answer(request, within, house))
}
