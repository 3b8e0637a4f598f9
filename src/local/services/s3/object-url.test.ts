import { expect, test } from 'bun:test'
import { objectUrl } from './object-url.ts'

const bucket = { name: 'b', region: 'eu-west-1' }

test.each([
  ['http', '127.0.0.1:8474', bucket, 'http://127.0.0.1:8474/b/d/%C3%BC%2B'],
  ['https', 'localhost:4566', bucket, 'https://localhost:4566/b/d/%C3%BC%2B'],
  ['http', 'b.s3.localhost:4566', bucket, 'http://b.s3.localhost:4566/d/%C3%BC%2B'],
  ['http', 's3.amazonaws.com', bucket, 'https://b.s3.eu-west-1.amazonaws.com/d/%C3%BC%2B'],
  ['virga-local', 's3.eu-west-1.amazonaws.com', bucket, 'https://b.s3.eu-west-1.amazonaws.com/d/%C3%BC%2B'],
  ['http', 'b.s3.amazonaws.com', { name: 'b' }, 'https://b.s3.amazonaws.com/d/%C3%BC%2B'],
] as const)('an object asked for by %s of %s', (scheme, host, of, url) => {
  expect(objectUrl({ scheme, host }, of, 'd/ü+')).toBe(url)
})
