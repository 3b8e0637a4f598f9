import { expect, test } from 'bun:test'
import { text, utf8 } from '../lib/bytes.ts'
import { signForm } from './sigv2-form.ts'

// As AWS CLI 2.36.12 signed it (../shared/reference, sdb.delete-domain).
test('a form of SimpleDB’s', () => {
  const signed = signForm(
    {
      method: 'POST',
      scheme: 'https',
      host: 'sdb.amazonaws.com',
      path: '/',
      query: '',
      headers: {},
      body: utf8('Action=DeleteDomain&Version=2009-04-15&DomainName=v1'),
    },
    { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
    new Date('2026-01-02T03:04:05Z'),
  )
  expect(text(signed.body as Uint8Array)).toBe(
    'Action=DeleteDomain&Version=2009-04-15&DomainName=v1&AWSAccessKeyId=AKIDEXAMPLE&SignatureVersion=2&' +
      'SignatureMethod=HmacSHA256&Timestamp=2026-01-02T03%3A04%3A05Z&Signature=6gdrgrEpNiPrgNiqC7sMf0MM00I%2FcQel2pq4sSoVyZc%3D',
  )
})

test('a form signed twice bears the second signature only', () => {
  const request = {
    method: 'POST',
    scheme: 'https',
    host: 'sdb.amazonaws.com',
    path: '/',
    query: '',
    headers: {},
    body: utf8('A=b+c'),
  } as const
  const keys = { accessKeyId: 'K', secretAccessKey: 's', sessionToken: 't' }
  const once = signForm(request, keys, new Date(0))
  expect(signForm(once, keys, new Date(0))).toEqual(once)
  expect(text(once.body as Uint8Array)).toContain('A=b%20c&')
})
