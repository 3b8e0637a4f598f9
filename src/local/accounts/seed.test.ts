// The accounts a world begins with: made once, read again, refused in one line.

import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from '../../lib/errors.ts'
import { memoryStore } from '../store/memory.ts'
import type { Rows } from '../store/store.ts'
import { Identities } from './identities.ts'
import { ownSeed, parseSeed, plant, readSeed } from './seed.ts'

const scratch = mkdtempSync(join(tmpdir(), 'virga-seed-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

test('the own seed is made once, with random keys, for nobody else to read', () => {
  const file = join(scratch, 'new', 'seed.json')
  const seed = ownSeed(file)
  expect(ownSeed(file)).toEqual(seed)
  expect(seed.accounts[0]).toMatchObject({ id: '123456789012', users: [{ name: 'admin' }] })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(scratch, 'new'))).toEqual(['seed.json'])
  expect(ownSeed(join(scratch, 'other', 'seed.json')).accounts[0]!.users![0]!.secretAccessKey).not.toBe(
    seed.accounts[0]!.users![0]!.secretAccessKey,
  )
})

describe('a bad seed is refused in one line', () => {
  test.each<[string, string]>([
    ['{', 'not JSON'],
    ['[]', 'the seed must be an object'],
    ['{"accounts": []}', '"accounts" must be a list of at least one'],
    ['{"accounts": [{"id": 123456789012}]}', 'account id 123456789012 must be a text of 12 digits'],
    [
      '{"accounts": [{"id": "123456789012"}], "acounts": 1}',
      'the seed has an unknown member "acounts" (known: region, accounts)',
    ],
    [
      '{"accounts": [{"id": "123456789012", "root": {"accessKeyId": "x"}}]}',
      'root: accessKeyId must be 16 to 128 letters and digits',
    ],
    [
      '{"accounts": [{"id": "123456789012", "users": [{"name": "a", "accessKeyId": "AKIAAAAAAAAAAAAAAAAA"}]}]}',
      'user a: secretAccessKey is missing',
    ],
    ['{"accounts": [{"id": "123456789012", "users": [{"name": "a b"}]}]}', 'user name "a b" is not allowed'],
    [
      '{"accounts": [{"id": "123456789012", "users": [{"name": "a", "policies": ["arn:aws:iam::aws:policy/Nope"]}]}]}',
      'user a: arn:aws:iam::aws:policy/Nope is not a known managed policy of AWS',
    ],
  ])('%s', (text, message) => {
    let failure: unknown
    const file = join(scratch, 'bad.json')
    writeFileSync(file, text)
    try {
      readSeed(file)
    } catch (error) {
      failure = error
    }
    expect(failure).toBeInstanceOf(Failure)
    expect((failure as Failure).message).toStartWith(`seed file ${file}: ${message}`)
    expect((failure as Failure).message).not.toContain('\n')
  })

  test('that is missing', () => {
    expect(() => readSeed(join(scratch, 'none.json'))).toThrow(`seed file ${join(scratch, 'none.json')} does not exist`)
  })
})

test('planting twice changes nothing, and keeps what has been added', () => {
  const seed = parseSeed(
    '{"accounts": [{"id": "111122223333", "alias": "sand", "root": {"accessKeyId": "AKIAROOTROOTROOTROOT", "secretAccessKey": "r"}, "users": [{"name": "u", "path": "/p/", "accessKeyId": "AKIAUSERUSERUSERUSER", "secretAccessKey": "s", "inlinePolicies": {"own": {"Version": "2012-10-17", "Statement": []}}}]}]}',
    'FILE',
  )
  const space = memoryStore().namespace('iam')
  const run = <T>(body: (rows: Rows) => T): T => space.transaction(body) as T
  run((rows) => plant(rows, seed, 1000))
  run((rows) => {
    const identities = new Identities(rows, '111122223333')
    identities.users.update(identities.users.get('u')!, { groups: ['g'] })
  })
  const before = run((rows) => new Identities(rows, '111122223333').users.get('u'))
  run((rows) => plant(rows, seed, 2000))
  expect(run((rows) => new Identities(rows, '111122223333').users.get('u'))).toEqual(before!)
  expect(before).toMatchObject({
    path: '/p/',
    groups: ['g'],
    accessKeys: ['AKIAUSERUSERUSERUSER'],
    inline: { own: '{"Version":"2012-10-17","Statement":[]}' },
  })
  expect(run((rows) => new Identities(rows, '111122223333').settings())).toMatchObject({
    alias: 'sand',
    created: 1000,
    accessKeys: ['AKIAROOTROOTROOTROOT'],
  })
})
