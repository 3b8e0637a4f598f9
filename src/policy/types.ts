// What a decision is made from, and what a decision is: data, from which every message is written.

/** Condition keys by lower-case name (`aws:sourceip`, `s3:prefix`, `aws:principaltag/team` with the tag key as given). Multi-valued keys are arrays. */
export type Context = Readonly<Record<string, string | readonly string[]>>

export interface Principal {
  /** `AWS account` root, IAM user, assumed role, federated user, AWS service, or nobody. */
  readonly type: 'Account' | 'User' | 'AssumedRole' | 'FederatedUser' | 'Service' | 'Anonymous'
  readonly accountId: string
  /** The ARN in messages: of the session for roles (`arn:aws:sts::A:assumed-role/R/S`). */
  readonly arn: string
  /** `aws:PrincipalArn`: the role's ARN for its sessions. */
  readonly principalArn: string
  readonly userId: string
  readonly userName?: string
  /** For GetSessionToken/GetFederationToken sessions, role sessions: what policies may also name. */
  readonly sessionName?: string
  readonly serviceLinked?: boolean
}

export interface PolicySource {
  /** Which set it belongs to. */
  readonly kind: 'identity' | 'resource' | 'boundary' | 'session' | 'scp' | 'rcp' | 'vpc-endpoint'
  /** The ARN of a managed policy; undefined for an inline one. */
  readonly arn?: string
  readonly name?: string
  /** The user, group, role or resource it hangs on. */
  readonly attachedTo?: string
  /** The document's text or parsed form. */
  readonly document: string | object
  /** SCPs and RCPs: which level of the organization (each level must allow). */
  readonly level?: string
}

export interface AuthorizationRequest {
  readonly principal: Principal
  /** `s3:GetObject` in AWS's spelling. */
  readonly action: string
  /** The ARN, or '*' for actions without a resource. */
  readonly resource: string
  /** The account that owns the resource. Defaults to the principal's. */
  readonly resourceAccountId?: string
  readonly context: Context
}

export interface MatchedStatement {
  readonly source: PolicySource
  readonly sid?: string
  /** Position of the statement in its document, from 0. */
  readonly index: number
  readonly effect: 'Allow' | 'Deny'
  readonly matched: boolean
  /** Why it did not match: the element and, for conditions, operator and key. */
  readonly failed?: { readonly element: 'Principal' | 'Action' | 'Resource' | 'Condition'; readonly operator?: string; readonly key?: string }
}

export interface Decision {
  readonly allowed: boolean
  readonly effect: 'ALLOW' | 'EXPLICIT_DENY' | 'IMPLICIT_DENY'
  /** The set that decided a refusal: what the message names. */
  readonly reason?: PolicySource['kind'] | 'trust'
  /** The policy and statement that decided, where one did. */
  readonly decidedBy?: MatchedStatement
  readonly statements: readonly MatchedStatement[]
  readonly request: AuthorizationRequest
}
