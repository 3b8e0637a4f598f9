// Every row of IAM's rules as a case: the policies, the request, and what IAM decides and why. Cases are data
// (`*.json`), so that another engine can be held against them as well.
//
//   {"row": "1.2",            the section of the rules it stands for (see rows below)
//    "name": "…", "principal": "user" (principals.named.json) or a principal,
//    "policies": [{"kind": "identity", "document": {…}}, …],
//    "request": {…}           what differs from s3:GetObject on arn:aws:s3:::b/k without context
//    "expect": {"effect": "IMPLICIT_DENY", "reason": "identity", "failed": "aws:SourceIp"}}

import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decide } from '../decide.ts'
import type { AuthorizationRequest, Decision, PolicySource, Principal } from '../types.ts'

interface Case {
  row: string
  name: string
  principal: string | Principal
  policies: (Omit<PolicySource, 'document'> & { document: object })[]
  request: Partial<AuthorizationRequest>
  expect: { effect: Decision['effect']; reason?: string; failed?: string }
}

const rows: Readonly<Record<string, string>> = {
  '1.2': 'the order of the decision inside one account',
  '1.3': 'services that resource control policies bind',
  '1.4': 'which implicit denies a resource policy outdoes',
  '1.5': 'across accounts',
  '1.6': 'federated and temporary sessions',
  '1.7': 'grammar, variables and conditions',
}

const folder = import.meta.dirname
const read = <T>(file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T
const principals = read<Record<string, Principal>>('principals.named.json')
const files = readdirSync(folder).filter((file) => file.endsWith('.json') && !file.endsWith('.named.json'))
const all = files.flatMap((file) => read<Case[]>(file).map((each) => ({ file, ...each })))

function decided({ principal, policies, request }: Case): Decision {
  const asked: AuthorizationRequest = {
    principal: typeof principal === 'string' ? principals[principal]! : principal,
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::b/k',
    context: {},
    ...request,
  }
  return decide(
    asked,
    policies.map((policy) => ({ ...policy, document: JSON.stringify(policy.document) })),
  )
}

for (const file of files) {
  describe(file.replace('.json', '').replaceAll('-', ' '), () => {
    for (const each of all.filter((one) => one.file === file)) {
      test(each.name, () => {
        const { effect, reason, statements } = decided(each)
        const { failed, ...expected } = each.expect
        expect({ effect, ...(reason !== undefined && { reason }) }).toEqual(expected as never)
        if (failed !== undefined) expect(statements.map((statement) => statement.failed?.key)).toContain(failed)
      })
    }
  })
}

test('every row has its cases, and each case its own name', () => {
  expect(all.length).toBeGreaterThanOrEqual(600)
  expect([...new Set(all.map(({ row }) => row))].sort()).toEqual(Object.keys(rows))
  const names = all.map(({ file, name }) => `${file} ${name}`)
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})
