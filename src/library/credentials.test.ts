// Where credentials come from when a program says so: one profile, the chain, the Java SDK's order, another SDK.

import { afterEach, expect, test } from 'bun:test'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromAwsSdk, fromChain, fromProfile, javaChain, toAwsSdk } from './credentials.ts'

const folder = mkdtempSync(join(tmpdir(), 'virga-credentials-'))
const files = { AWS_CONFIG_FILE: join(folder, 'config'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') }
writeFileSync(
  files.AWS_SHARED_CREDENTIALS_FILE,
  '[default]\naws_access_key_id = DEFAULT\naws_secret_access_key = s\n[dev]\naws_access_key_id = DEV\naws_secret_access_key = s\n',
)
writeFileSync(files.AWS_CONFIG_FILE, '[profile empty]\nregion = eu-west-1\n')

const before = { ...process.env }
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
  Object.assign(process.env, before)
})

function withVariables(variables: Record<string, string>): void {
  Object.assign(process.env, files, { AWS_EC2_METADATA_DISABLED: 'true' }, variables)
}

const inEnvironment = { AWS_ACCESS_KEY_ID: 'ENVIRONMENT', AWS_SECRET_ACCESS_KEY: 's' }

const cases: [what: string, variables: Record<string, string>, find: () => Promise<unknown>, key: string][] = [
  ['the chain begins with the environment', inEnvironment, fromChain(), 'ENVIRONMENT'],
  ['then the default profile', {}, fromChain(), 'DEFAULT'],
  ['or the one of AWS_PROFILE', { AWS_PROFILE: 'dev' }, fromChain(), 'DEV'],
  ['a profile that is named sets the environment aside', inEnvironment, fromChain({ profile: 'dev' }), 'DEV'],
  ['fromProfile', inEnvironment, fromProfile('dev'), 'DEV'],
  ['for Java it does not', inEnvironment, javaChain({ profile: 'dev' }), 'ENVIRONMENT'],
  ['Java too comes to the profile', {}, javaChain({ profile: 'dev' }), 'DEV'],
]

test.each(cases)('%s', async (_, variables, find, key) => {
  withVariables(variables)
  expect(await find()).toMatchObject({ accessKeyId: key })
})

test('none at all', async () => {
  withVariables({})
  await expect(fromProfile('empty')()).rejects.toMatchObject({ kind: 'NoCredentials' })
  await expect(fromProfile('missing')()).rejects.toMatchObject({ kind: 'ProfileNotFound' })
})

test('ours as theirs: what they know, and no more', async () => {
  withVariables(inEnvironment)
  expect(await toAwsSdk()()).toEqual({ accessKeyId: 'ENVIRONMENT', secretAccessKey: 's' })
  const expiration = new Date('2026-01-01')
  const keys = { accessKeyId: 'A', secretAccessKey: 's', sessionToken: 't', expiration, accountId: '1', source: 'env' }
  const { source: _, ...theirs } = keys
  expect(await toAwsSdk(keys)()).toEqual(theirs)
})

test('theirs as ours: an identity or a provider', async () => {
  const identity = { accessKeyId: 'A', secretAccessKey: 's' }
  expect(await fromAwsSdk(identity)()).toEqual({ ...identity, source: 'aws-sdk' })
  expect(await fromAwsSdk(async () => identity)()).toEqual({ ...identity, source: 'aws-sdk' })
  await expect(fromAwsSdk(() => Promise.reject(new Error('their own')))()).rejects.toThrow('their own')
})
