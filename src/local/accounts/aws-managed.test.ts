// AWS's own policies: all there, each a sound document, and the file they come from.

import { describe, expect, test } from 'bun:test'
import { text, utf8 } from '../../lib/bytes.ts'
import { parsePolicy } from '../../policy/parse.ts'
import { bench } from '../account.fixture.ts'
import { arnOf, packPolicies, PolicyFile, type PolicyRow } from './aws-managed-file.ts'
import { awsManagedPolicies, awsManagedPolicy } from './aws-managed.ts'
import { defaultVersion } from './identities.ts'

describe("AWS's managed policies", () => {
  test('are all there, in the order of their ARNs, with documents that can be understood', () => {
    const all = awsManagedPolicies()
    expect(all.length).toBeGreaterThan(1500)
    expect(all.map(({ arn }) => arn)).toEqual([...new Set(all.map(({ arn }) => arn))].toSorted())
    for (const policy of all) {
      expect(parsePolicy(defaultVersion(policy)).statements.length).toBeGreaterThan(0)
      expect(awsManagedPolicy(policy.arn)).toEqual(policy)
    }
  })

  test('are found by their ARN, and nothing else is', () => {
    const admin = awsManagedPolicy('arn:aws:iam::aws:policy/AdministratorAccess')!
    expect(admin).toMatchObject({ name: 'AdministratorAccess', path: '/', default: 'v1' })
    expect(awsManagedPolicy('arn:aws:iam::aws:policy/job-function/Billing')?.path).toBe('/job-function/')
    for (const name of ['Administrator', 'AAAA', 'zzzz', 'job-function/AdministratorAccess', ''])
      expect(awsManagedPolicy(`arn:aws:iam::aws:policy/${name}`)).toBeUndefined()
  })

  test('cannot be changed by anybody', async () => {
    const b = bench()
    const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
    for (const [operation, input] of [
      ['DeletePolicy', {}],
      ['CreatePolicyVersion', { PolicyDocument: defaultVersion(awsManagedPolicy(PolicyArn)!) }],
      ['TagPolicy', { Tags: [{ Key: 'a', Value: 'b' }] }],
    ] as const)
      expect((await b.refusal('iam', operation, { PolicyArn, ...input })).code).not.toBe('NotImplemented')
    await b.call('iam', 'GetPolicy', { PolicyArn })
  })
})

test('what is packed comes out again', () => {
  const rows = Array.from({ length: 200 }, (_, i): PolicyRow => ['/', `P${i}`, 'v1', 'a', 'b', `{"n":"${i}\\n"}`])
  const file = new PolicyFile(packPolicies(rows, utf8), (block) => block)
  expect(file.all().toSorted()).toEqual(rows.toSorted() as never)
  for (const row of rows) expect(file.get(arnOf(row))).toEqual(row)
  expect(text(packPolicies(rows, utf8)).includes('P199')).toBe(true)
  expect(file.get('arn:aws:iam::aws:policy/P200')).toBeUndefined()
})
