// Who may call the server: programs by any local name, web pages only when somebody vouched for them.

import { expect, test } from 'bun:test'
import { refusedGuest } from './guests.ts'

const from = (
  host: string,
  origin?: string,
  guests = { origins: [] as string[], hosts: [] as string[] },
): number | undefined =>
  refusedGuest(
    {
      method: 'GET',
      scheme: 'http',
      host,
      path: '/',
      query: '',
      headers: origin === undefined ? {} : { origin },
      body: new Uint8Array(0),
    },
    guests,
  )?.status

test.each([
  '127.0.0.1:8474',
  '123456789012.127.0.0.1:8474',
  'localhost',
  'localhost:8474',
  '[::1]:8474',
  'bucket.s3.localhost:8474',
  'virga',
  'host.docker.internal:80',
  's3.us-east-1.amazonaws.com',
  'bucket.s3.amazonaws.com',
  'localhost.localstack.cloud:4566',
  'bucket.s3.localhost.localstack.cloud:4566',
  's3.us-west-2.localhost.localstack.cloud',
  '123456789012.s3-control.us-east-1.amazonaws.com',
  '123456789012.ddb.us-east-1.amazonaws.com',
  'host.containers.internal:8474',
  '',
])('a program that calls it %p is let in', (host) => {
  expect(from(host)).toBeUndefined()
})

test.each([
  'evil.com',
  'evil.com:8474',
  'amazonaws.com.evil.com',
  '127.0.0.1.evil.com',
  'localhost.evil.com',
  'localstack.cloud',
  'evil-localhost.localstack.cloud',
])('a page of the rebound name %s is not', (host) => {
  expect(from(host)).toBe(403)
})

test('an origin is let in only when it was named', () => {
  expect(from('localhost', 'http://evil.com')).toBe(403)
  expect(from('localhost', 'http://localhost:3000')).toBe(403)
  expect(from('localhost', 'null')).toBe(403)
  expect(from('localhost', 'http://localhost:3000', { origins: ['http://localhost:3000'], hosts: [] })).toBeUndefined()
  expect(from('localhost', 'http://evil.com', { origins: ['*'], hosts: [] })).toBeUndefined()
  expect(from('aws.example.com', undefined, { origins: [], hosts: ['aws.example.com'] })).toBeUndefined()
})
