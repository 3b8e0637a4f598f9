// Every generation of denials is read as it was written.

import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { A, B, allow, ask, deny, elsewhere, role, user } from './decide.fixtures.ts'
import { decide } from './decide.ts'
import { accessDeniedMessage, unauthorizedOperationMessage, type Generation } from './messages.ts'
import { readDenial } from './read-message.ts'
import type { PolicyKind, PolicySource, Principal } from './types.ts'

const decisions: [string, Principal, PolicySource[], PolicyKind][] = [
  ['no identity policy', user, [], 'identity'],
  ['a deny in an identity policy', user, [{ ...deny('identity'), arn: `arn:aws:iam::${A}:policy/No` }], 'identity'],
  ['no boundary', user, [allow('identity'), elsewhere('boundary')], 'boundary'],
  [
    'a deny in a boundary',
    user,
    [allow('identity'), { ...deny('boundary'), arn: `arn:aws:iam::${A}:policy/B` }],
    'boundary',
  ],
  ['no session policy', role, [allow('identity'), elsewhere('session')], 'session'],
  ['a deny in a session policy', role, [allow('identity'), deny('session')], 'session'],
  ['no scp', user, [allow('identity'), elsewhere('scp')], 'scp'],
  [
    'a deny in an scp',
    user,
    [{ ...deny('scp'), arn: `arn:aws:organizations::${B}:policy/o-1/service_control_policy/p-1` }],
    'scp',
  ],
  ['no rcp', user, [allow('identity'), elsewhere('rcp')], 'rcp'],
  ['a deny in an rcp', user, [allow('identity'), deny('rcp')], 'rcp'],
  ['a deny in a resource policy', user, [allow('identity'), deny('resource')], 'resource'],
  ['no endpoint policy', user, [allow('identity'), elsewhere('vpc-endpoint')], 'vpc-endpoint'],
]

describe.each(['classic', '2021', '2026-01'] as Generation[])('of generation %s', (generation) => {
  test.each(decisions)('%s', (_, principal, policies, kind) => {
    const decision = decide(ask(principal), policies)
    expect(decision.allowed).toBe(false)
    const id = 'abcdefghij0123456789klmno'
    for (const [message, more] of [
      [accessDeniedMessage(decision, { generation }), {}],
      [accessDeniedMessage(decision, { generation, resource: '"arn:aws:s3:::b/k"' }), {}],
      [accessDeniedMessage(decision, { generation, authorizationId: id }), { authorizationId: id }],
      [unauthorizedOperationMessage(decision, 'AbC-_123', { generation }), { encoded: 'AbC-_123' }],
    ] as const) {
      const told = generation === 'classic' ? {} : { kind, effect: decision.effect }
      const policyArn = generation === '2026-01' ? decision.decidedBy?.source.arn : undefined
      expect(readDenial(`An error occurred (AccessDenied) when calling the X operation: ${message}`)).toEqual({
        message,
        principal: principal.arn,
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::b/k',
        ...told,
        ...(policyArn !== undefined && { policyArn }),
        ...more,
      } as never)
    }
  })
})

test.each<[string, object | undefined]>([
  ['Access Denied', {}],
  ['AccessDenied', {}],
  [
    'You are not authorized to perform this operation. Encoded authorization failure message: xYz-1',
    { encoded: 'xYz-1' },
  ],
  ['You are not authorized to perform this operation.', {}],
  ['Not authorized to perform sts:AssumeRoleWithWebIdentity', { action: 'sts:AssumeRoleWithWebIdentity' }],
  [
    'User: arn:aws:iam::1:user/x is not authorized to perform: iam:GetUser on resource: user ana because no identity-based policy allows the iam:GetUser action',
    {
      principal: 'arn:aws:iam::1:user/x',
      action: 'iam:GetUser',
      resource: 'user ana',
      kind: 'identity',
      effect: 'IMPLICIT_DENY',
    },
  ],
  [
    'User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:4:t with an explicit deny in a VPC endpoint policy transitively through a service control policy',
    {
      kind: 'vpc-endpoint',
      through: 'scp',
      effect: 'EXPLICIT_DENY',
      action: 'SNS:Publish',
    },
  ],
  [
    'User: arn:aws:iam::1:user/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/y',
    { resource: 'arn:aws:iam::1:role/y' },
  ],
  ['The specified bucket does not exist', undefined],
  ['', undefined],
])('%s', (text, expected) => {
  const read = readDenial(text)
  if (expected === undefined) expect(read).toBeUndefined()
  else expect(read).toMatchObject(expected)
})

const file = join(process.env.VIRGA_SHARED ?? '../shared', 'vectors/iam/access-denied-samples.json')
if (!existsSync(file)) console.log(`SKIPPED: ${file} is not there`)
describe.skipIf(!existsSync(file))("AWS's own samples", () => {
  const samples = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { section: string; message: string }[])
    : []
  test.each(samples.map(({ message }) => message))('%s', (message) => {
    const read = readDenial(message)!
    expect(read.action).toBe(/perform: (\S+)/.exec(message)![1]!)
    expect(read.effect).toBe(message.includes('explicit deny') ? 'EXPLICIT_DENY' : 'IMPLICIT_DENY')
    expect(read.kind).toBeDefined()
    expect(String(read.resource)).toBe(String(/on resource: (\S+)/.exec(message)?.[1]))
  })
})
