// What a decision is, and what is none. What is decided in which case: cases/*.json.

import { describe, expect, test } from 'bun:test'
import { AwsError } from '../lib/errors.ts'
import { B, ask, document, root, to, user } from './decide.fixtures.ts'
import { decide } from './decide.ts'
import type { PolicySource } from './types.ts'

describe('documents that cannot be understood are exceptions', () => {
  const bad: [string, string | object][] = [
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no statement', '{"Version":"2012-10-17"}'],
    ['empty', '{"Statement":[]}'],
    ['misspelt Condition', document({ Effect: 'Allow', Action: '*', Resource: '*', Conditions: {} })],
    ['unknown operator', document({ Effect: 'Allow', Action: '*', Resource: '*', Condition: { Like: { a: 'b' } } })],
    ['effect in lower case', document({ Effect: 'allow', Action: '*', Resource: '*' })],
    ['Action and NotAction', document({ Effect: 'Allow', Action: '*', NotAction: 'a:b', Resource: '*' })],
    ['no action', document({ Effect: 'Allow', Resource: '*' })],
    ['a key twice', '{"Statement":{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}}'],
    ['__proto__ for Effect', '{"Statement":{"__proto__":{"Effect":"Allow"},"Action":"*","Resource":"*"}}'],
    ['__proto__ for everything', '{"__proto__":{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}}'],
    ['deep', `{"Statement":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['parsed form', { Statement: [{ Effect: 'Allow', Action: 1, Resource: '*' }] }],
    [
      'unknown type of principal',
      document({ Effect: 'Allow', Principal: { Everyone: '*' }, Action: '*', Resource: '*' }),
    ],
    ['unknown version', '{"Version":"2013-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'],
  ]
  for (const [what, text] of bad) {
    test(what, () => {
      expect(() => decide(ask(root), [{ kind: 'identity', document: text }])).toThrow(AwsError)
    })
  }
})

describe('the decision is data', () => {
  test('each statement says whether it matched, and if not, on what it failed', () => {
    const source: PolicySource = {
      kind: 'identity',
      document: document(
        { Sid: 'Action', Effect: 'Allow', Action: 'ec2:*', Resource: '*' },
        { Sid: 'Resource', Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::other' },
        {
          Sid: 'Condition',
          Effect: 'Allow',
          Action: 's3:*',
          Resource: '*',
          Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
        },
        { Sid: 'Yes', Effect: 'Allow', Action: 's3:*', Resource: '*' },
      ),
    }
    const decision = decide(ask(user, { context: { 'aws:requestedregion': 'us-east-1' } }), [source, to({ AWS: B })])
    expect(
      decision.statements.map(({ sid, index, matched, failed }) => [sid, index, matched, failed?.element, failed?.key]),
    ).toEqual([
      ['Action', 0, false, 'Action', undefined],
      ['Resource', 1, false, 'Resource', undefined],
      ['Condition', 2, false, 'Condition', 'aws:RequestedRegion'],
      ['Yes', 3, true, undefined, undefined],
      [undefined, 0, false, 'Principal', undefined],
    ])
    expect(decision.decidedBy?.sid).toBe('Yes')
    expect(decision.decidedBy?.source).toBe(source)
    expect(decision.statements[2]?.failed).toEqual({
      element: 'Condition',
      operator: 'StringEquals',
      key: 'aws:RequestedRegion',
      expected: ['eu-west-1'],
    })
  })

  test('a parsed document decides as its text', () => {
    const text = document({ Effect: 'Allow', Action: 's3:*', Resource: '*' })
    expect(decide(ask(user), [{ kind: 'identity', document: JSON.parse(text) }]).allowed).toBe(true)
  })
})
