// The two files against the Rust SDK's cases. That SDK has a dialect of its own; ours is AWS CLI's, which is Python's: what
// differs is listed, with what AWS CLI makes of it.

import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from '../../lib/errors.ts'
import { readAwsFiles } from './files.ts'

const vectors = join(
  process.env['VIRGA_SHARED'] ?? join(import.meta.dir, '../../../../shared'),
  'vectors/credentials/smithy-rs-aws-runtime',
)
const present = existsSync(vectors)
if (!present) console.log(`skipped: no profile file cases at ${vectors}`)
const read = (name: string): any[] => (present ? JSON.parse(readFileSync(join(vectors, name), 'utf8')).tests : [])

const folder = mkdtempSync(join(tmpdir(), 'virga-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What botocore makes of those cases of which it makes something else. */
const asAwsCli: Record<string, unknown> = {
  'Profile names support alphanumeric characters and - / . % @ _ : +': {
    'some-thing:long/the_one%only.foo@bar+': {},
    'foo!bar': {},
  },
  'Property definitions must contain an equals sign.': { foo: { key: 'value' } },
  'Pound sign comments are ignored.': { foo: { name: 'value # Comment with # sign' } },
  'Semicolon sign comments are ignored.': { foo: { name: 'value ; Comment with ; sign' } },
  'All comment types can be used together.': { foo: { name: 'value # Comment with ; sign' } },
  'Comments can be empty.': { foo: { name: 'value ;' } },
  'Duplicate profiles in the same file merge properties.': 'refused',
  'Duplicate properties in a profile use the last one defined.': 'refused',
  'Duplicate properties in duplicate profiles use the last one defined.': 'refused',
  'Duplicate properties in duplicate profiles use the last one defined (case insensitive).': 'refused',
  'Default profile with profile prefix overrides default profile without prefix when profile prefix is first.': {
    default: { name2: 'value2' },
  },
  'Invalid profile names are ignored.': { 'in valid 2': { name2: 'value2' } },
  'Invalid property names are ignored.': { foo: { 'in valid': 'value' } },
  'Properties can have sub-properties.': { foo: { s3: { name: 'value' } } },
  'Sub-property definitions can have an empty value.': { foo: { s3: { name: '' } } },
  'Sub-property definitions cannot have an empty name.': { foo: { s3: { '': 'value' } } },
  'Sub-property definitions can have an invalid name.': { foo: { s3: { 'in valid': 'value' } } },
  'Sub-properties can have blank lines that are ignored': { foo: { s3: { name: 'value', name2: 'value2' } } },
  'Default profiles with mixed prefixes in the config file ignore the one without prefix when merging.': 'refused',
  'Default profiles with mixed prefixes merge with credentials': 'refused',
  'Credentials profiles with prefix are ignored.': { 'profile foo': { name: 'value' } },
  'profile name with extra whitespace': { bar: {} },
  'profile name with extra whitespace in credentials': { '   foo    ': { name: 'value' }, 'profile bar': {} },
}

describe.skipIf(!present)('vendor cases: profile files', () => {
  for (const { name, input, output } of read('profile-parser-tests.json')) {
    test(name, () => {
      writeFileSync(join(folder, 'config'), input.configFile ?? '')
      writeFileSync(join(folder, 'credentials'), input.credentialsFile ?? '')
      const env = { AWS_CONFIG_FILE: join(folder, 'config'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') }
      const outcome = (() => {
        try {
          return readAwsFiles({ env, home: folder })
        } catch (error) {
          return error as Failure
        }
      })()
      const found =
        outcome instanceof Failure ? 'refused' : JSON.parse(JSON.stringify(Object.fromEntries(outcome.profiles)))
      const theirs = output.errorContaining !== undefined ? 'refused' : (output.config?.profiles ?? {})
      expect(found).toEqual(asAwsCli[name] ?? theirs)
    })
  }
})

describe.skipIf(!present)('vendor cases: where the files are', () => {
  for (const { name, environment, platform, configLocation, credentialsLocation } of read('file-location-tests.json')) {
    // The home folder itself is found by whatever starts us; on Windows it has other variables.
    test.skipIf(platform === 'windows')(name, () => {
      const files = readAwsFiles({ env: environment, home: environment.HOME })
      expect([files.configPath, files.credentialsPath]).toEqual([configLocation, credentialsLocation])
    })
  }
})
