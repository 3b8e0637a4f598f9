import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AwsError } from '../lib/errors.ts'
import { validateIdentityPolicy } from './validate.ts'

const shared = process.env['VIRGA_SHARED'] ?? join(import.meta.dir, '../../../shared')
const vectors = join(shared, 'vectors/iam/moto_invalid_policies.json')

function problemOf(validate: () => void): string | undefined {
  try {
    validate()
    return undefined
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return error.message
  }
}

describe('documents AWS refused, with its texts', () => {
  if (!existsSync(vectors)) {
    test.skip(`skipped: ${vectors} is not there`, () => {})
    return
  }
  const cases = JSON.parse(readFileSync(vectors, 'utf8')) as { document: unknown; error_message: string }[]
  for (const [i, { document, error_message }] of cases.entries()) {
    test(`${i}: ${error_message}`, () => {
      expect(problemOf(() => validateIdentityPolicy(JSON.stringify(document)))).toBe(error_message)
    })
  }
})
