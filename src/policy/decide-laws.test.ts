import { describe, test } from 'bun:test'
import fc from 'fast-check'
import {
  A,
  B,
  anonymous,
  deny,
  document,
  federated,
  policy,
  role,
  root,
  service,
  user,
  verdict,
} from './decide.fixtures.ts'
import { decide } from './decide.ts'
import type { Context, PolicyKind, PolicySource } from './types.ts'

const kinds: PolicyKind[] = ['identity', 'resource', 'trust', 'boundary', 'session', 'scp', 'rcp', 'vpc-endpoint']
const arn = fc.constantFrom(
  '*',
  'arn:aws:s3:::b/*',
  'arn:aws:s3:::b/k',
  'arn:aws:s3:::other',
  'arn:aws:s3:::${aws:username}/k',
)
const action = fc.constantFrom('*', 's3:*', 's3:Get*', 's3:GetObject', 's3:PutObject', 'ec2:*')
const who = fc.constantFrom<unknown>(
  '*',
  { AWS: '*' },
  { AWS: A },
  { AWS: user.arn },
  { AWS: role.arn },
  { AWS: role.principalArn },
  { AWS: B },
  { Service: 'sns.amazonaws.com' },
  { AWS: federated.arn },
)
const condition = fc.constantFrom<object | undefined>(
  undefined,
  undefined,
  { Bool: { 'aws:SecureTransport': 'true' } },
  { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } },
  { StringEquals: { 'aws:username': '${aws:username}' } },
  { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } },
)

const statement = (effect: fc.Arbitrary<'Allow' | 'Deny'>) =>
  fc.record({
    effect,
    action,
    arn,
    who,
    condition,
    notAction: fc.boolean(),
    notResource: fc.boolean(),
  })
const source = (effect: fc.Arbitrary<'Allow' | 'Deny'>): fc.Arbitrary<PolicySource> =>
  fc
    .record({ kind: fc.constantFrom(...kinds), level: fc.constantFrom('root', 'ou'), one: statement(effect) })
    .map(({ kind, level, one }) => {
      const withPrincipal = ['resource', 'trust', 'rcp', 'vpc-endpoint'].includes(kind)
      return policy(
        kind,
        {
          Effect: one.effect,
          ...(withPrincipal && { Principal: one.who }),
          [one.notAction ? 'NotAction' : 'Action']: one.action,
          ...(kind !== 'trust' && { [one.notResource ? 'NotResource' : 'Resource']: one.arn }),
          ...(one.condition && { Condition: one.condition }),
        },
        { level },
      )
    })
const anyEffect = fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Deny')
const policies = fc.array(source(anyEffect), { maxLength: 7 })
const request = fc.record({
  principal: fc.constantFrom(user, role, federated, root, service, anonymous),
  action: fc.constantFrom('s3:GetObject', 's3:PutObject'),
  resource: fc.constantFrom('arn:aws:s3:::b/k', 'arn:aws:s3:::b', '*', 'arn:aws:s3:::anna/k'),
  resourceAccountId: fc.constantFrom(A, B),
  resourcePolicyRequired: fc.boolean(),
  context: fc.constantFrom<Context>(
    {},
    { 'aws:username': 'anna', 'aws:securetransport': 'true' },
    { 'aws:tagkeys': ['a', 'b'] },
  ),
})
const runs = { numRuns: 2000 }

describe('laws', () => {
  test('an explicit deny anywhere overrides every allow', () => {
    const bindingKinds = fc.constantFrom<PolicyKind>('identity', 'resource', 'boundary', 'session', 'vpc-endpoint')
    fc.assert(
      fc.property(request, policies, bindingKinds, fc.nat(7), (asked, given, kind, at) => {
        const all = given.toSpliced(at, 0, deny(kind))
        return decide(asked, all).effect === 'EXPLICIT_DENY'
      }),
      runs,
    )
  })

  test('removing an Allow statement never turns a refusal into an allow', () => {
    // Of sets that stay: the first boundary or session policy brings a limit with it, so it is emptied, not removed.
    fc.assert(
      fc.property(
        request,
        fc.array(source(anyEffect), { minLength: 1, maxLength: 7 }),
        fc.nat(6),
        (asked, given, at) => {
          const gone = given[at % given.length]!
          if (JSON.parse(gone.document as string).Statement[0].Effect === 'Deny') return true
          const emptied = { ...gone, document: document({ Effect: 'Allow', Action: 'none:None', Resource: '*' }) }
          const less = given.map((one) => (one === gone ? emptied : one))
          return decide(asked, given).allowed || !decide(asked, less).allowed
        },
      ),
      runs,
    )
  })

  test('adding a Deny statement to a set never allows', () => {
    fc.assert(
      fc.property(
        request,
        policies,
        source(fc.constant('Deny')),
        (asked, given, more) => decide(asked, given).allowed || !decide(asked, [...given, more]).allowed,
      ),
      runs,
    )
  })

  test('a statement about another action changes nothing', () => {
    fc.assert(
      fc.property(
        request,
        fc.array(source(anyEffect), { minLength: 1, maxLength: 6 }),
        fc.nat(5),
        anyEffect,
        (asked, given, at, effect) => {
          const i = at % given.length
          const parsed = JSON.parse(given[i]!.document as string)
          parsed.Statement.push({ Effect: effect, Principal: '*', Action: 'ec2:RunInstances', Resource: '*' })
          const more = given.with(i, { ...given[i]!, document: JSON.stringify(parsed) })
          return verdict(decide(asked, given)) === verdict(decide(asked, more))
        },
      ),
      runs,
    )
  })

  test('the case of actions changes nothing', () => {
    fc.assert(
      fc.property(request, policies, (asked, given) => {
        const upper = given.map((one) => ({
          ...one,
          document: (one.document as string).replace(/"(s3|ec2):[^"]*"/g, (text) => text.toUpperCase()),
        }))
        return (
          verdict(decide(asked, given)) === verdict(decide({ ...asked, action: asked.action.toUpperCase() }, upper))
        )
      }),
      runs,
    )
  })

  test('nobody but root is allowed without an Allow statement that matched', () => {
    fc.assert(
      fc.property(request, policies, (asked, given) => {
        const decision = decide(asked, given)
        if (!decision.allowed || asked.principal.type === 'Account') return true
        return (
          decision.decidedBy?.effect === 'Allow' &&
          decision.statements.some(({ matched, effect }) => matched && effect === 'Allow')
        )
      }),
      runs,
    )
  })

  test('NotAction and NotResource are the complements of Action and Resource', () => {
    fc.assert(
      fc.property(request, action, arn, fc.boolean(), (asked, one, other, actions) => {
        if (asked.resource === '*' || other.includes('${')) return true // what has no value matches neither
        const fixed = actions ? { Resource: '*' } : { Action: '*' }
        const [name, value] = actions ? ['Action', one] : ['Resource', other]
        const matched = (element: string): boolean => {
          const { statements } = decide(asked, [policy('identity', { Effect: 'Allow', ...fixed, [element]: value })])
          return statements[0]!.matched
        }
        return matched(name!) !== matched(`Not${name}`)
      }),
    )
  })

  test('an implicit deny names a set that did not allow', () => {
    fc.assert(
      fc.property(request, policies, (asked, given) => {
        const { effect, reason, statements } = decide(asked, given)
        if (effect !== 'IMPLICIT_DENY') return true
        const levels = reason === 'scp' || reason === 'rcp'
        return levels || !statements.some(({ matched, source: { kind } }) => matched && kind === reason)
      }),
      runs,
    )
  })

  test('the order of the policies changes neither effect nor reason', () => {
    fc.assert(
      fc.property(
        request,
        policies,
        (asked, given) => verdict(decide(asked, given)) === verdict(decide(asked, given.toReversed())),
      ),
      runs,
    )
  })
})
