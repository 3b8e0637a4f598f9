// Callers and policies for the tests of decisions.

import type { AuthorizationRequest, Decision, PolicyKind, PolicySource, Principal } from './types.ts'

export const A = '123456789012'
export const B = '210987654321'

export const user: Principal = {
  type: 'User',
  accountId: A,
  arn: `arn:aws:iam::${A}:user/anna`,
  principalArn: `arn:aws:iam::${A}:user/anna`,
  userId: 'AIDAANNA',
  userName: 'anna',
}
export const role: Principal = {
  type: 'AssumedRole',
  accountId: A,
  arn: `arn:aws:sts::${A}:assumed-role/R/S`,
  principalArn: `arn:aws:iam::${A}:role/R`,
  userId: 'AROAR:S',
  sessionName: 'S',
}
export const federated: Principal = {
  type: 'FederatedUser',
  accountId: A,
  arn: `arn:aws:sts::${A}:federated-user/bob`,
  principalArn: `arn:aws:sts::${A}:federated-user/bob`,
  userId: `${A}:bob`,
  issuerArn: user.arn,
}
export const root: Principal = {
  type: 'Account',
  accountId: A,
  arn: `arn:aws:iam::${A}:root`,
  principalArn: `arn:aws:iam::${A}:root`,
  userId: A,
}
export const linked: Principal = { ...role, serviceLinked: true }
export const service: Principal = {
  type: 'Service',
  accountId: '',
  arn: 'sns.amazonaws.com',
  principalArn: '',
  userId: '',
  serviceName: 'sns.amazonaws.com',
}
export const anonymous: Principal = {
  type: 'Anonymous',
  accountId: 'anonymous',
  arn: 'anonymous',
  principalArn: '*',
  userId: 'anonymous',
}
export const web: Principal = {
  ...anonymous,
  type: 'WebIdentityUser',
  federatedProvider: `arn:aws:iam::${A}:oidc-provider/idp`,
}

export const document = (...statements: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })
export const policy = (kind: PolicyKind, statement: object, more: Partial<PolicySource> = {}): PolicySource => ({
  kind,
  document: document(statement),
  ...more,
})
export const allow = (kind: PolicyKind, more: Partial<PolicySource> = {}): PolicySource =>
  policy(kind, { Effect: 'Allow', ...(kind === 'rcp' && { Principal: '*' }), Action: '*', Resource: '*' }, more)
export const deny = (kind: PolicyKind, more: object = {}): PolicySource =>
  policy(kind, {
    Effect: 'Deny',
    ...(['resource', 'trust', 'rcp', 'vpc-endpoint'].includes(kind) && { Principal: '*' }),
    Action: '*',
    Resource: '*',
    ...more,
  })
export const elsewhere = (kind: PolicyKind): PolicySource =>
  policy(kind, { Effect: 'Allow', Action: 'ec2:*', Resource: '*' })
/** A resource policy that allows a principal. */
export const to = (principal: unknown, kind: PolicyKind = 'resource', more: object = {}): PolicySource =>
  policy(kind, {
    Effect: 'Allow',
    Principal: principal,
    Action: '*',
    ...(kind === 'resource' && { Resource: '*' }),
    ...more,
  })

export const ask = (principal: Principal, more: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
  principal,
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::b/k',
  context: {},
  ...more,
})

export const verdict = ({ effect, reason }: Decision): string => (reason ? `${effect} ${reason}` : effect)
