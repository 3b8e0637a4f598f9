// Links of version 2, with AWS's own example and one that boto3 made.

import { expect, test } from 'bun:test'
import type { HttpRequest } from '../http/message.ts'
import { isOldLinkBy, oldLinkOf, oldStringToSign } from './old-links.ts'

const get = (query: string, headers = {}): HttpRequest => ({
  method: 'GET',
  scheme: 'http',
  host: 'johnsmith.s3.amazonaws.com',
  path: '/photos/puppy.jpg',
  query,
  headers,
  body: new Uint8Array(0),
})

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
test("AWS's example", () => {
  const request = get(
    'AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620',
  )
  const link = oldLinkOf(request)!
  expect(link).toMatchObject({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', expires: '1175139620' })
  const toSign = oldStringToSign(request, '/johnsmith/photos/puppy.jpg', link.expires)
  expect(toSign).toBe('GET\n\n\n1175139620\n/johnsmith/photos/puppy.jpg')
  expect(isOldLinkBy(link, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', toSign)).toBe(true)
  expect(isOldLinkBy(link, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEX', toSign)).toBe(false)
})

test('headers and subresources that are signed, in order', () => {
  const query =
    'versionId=v&response-content-type=a%2Fb&x-amz-security-token=t&uploads&prefix=p&AWSAccessKeyId=A&Expires=1&Signature=s'
  const request = get(query, { 'x-amz-acl': 'private', 'content-type': 'x/y' })
  expect(oldStringToSign(request, '/b/k', '1')).toBe(
    'GET\n\nx/y\n1\nx-amz-acl:private\nx-amz-security-token:t\n/b/k?response-content-type=a/b&uploads&versionId=v',
  )
})

test('what is no such link', () => {
  expect(oldLinkOf(get('X-Amz-Signature=x'))).toBeUndefined()
  expect(oldLinkOf(get(''))).toBeUndefined()
})
