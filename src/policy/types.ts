// What a decision is made from, and what a decision is: data, from which every message is written.

/**
 * Condition keys by lower-case name (`aws:sourceip`, `s3:prefix`, `aws:principaltag/team` with the tag key as given).
 * Multi-valued keys are arrays.
 */
export type Context = Readonly<Record<string, string | readonly string[]>>

export interface Principal {
  /**
   * `Account` is the root user; `Service` an AWS service; `WebIdentityUser` and `SAMLUser` (CloudTrail's words) a
   * stranger who carries a provider's token to AssumeRoleWithWebIdentity or AssumeRoleWithSAML.
   */
  readonly type:
    | 'Account'
    | 'User'
    | 'AssumedRole'
    | 'FederatedUser'
    | 'Service'
    | 'WebIdentityUser'
    | 'SAMLUser'
    | 'Anonymous'
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
  /** FederatedUser: the ARN of the user (or `…:root`) that called GetFederationToken. */
  readonly issuerArn?: string
  /** Service: what policies call it, `ec2.amazonaws.com`. */
  readonly serviceName?: string
  /** WebIdentityUser, SAMLUser: the provider's ARN, or its host name for the providers without one. */
  readonly federatedProvider?: string
  /** S3: the canonical id of the account, for policies with `CanonicalUser`. */
  readonly canonicalUserId?: string
}

export type PolicyKind = 'identity' | 'resource' | 'trust' | 'boundary' | 'session' | 'scp' | 'rcp' | 'vpc-endpoint'

export interface PolicySource {
  /** Which set it belongs to. `trust` is a role's trust policy: a resource policy that must allow by itself. */
  readonly kind: PolicyKind
  /** The ARN of a managed policy; undefined for an inline one. */
  readonly arn?: string
  readonly name?: string
  /** The user, group, role or resource it hangs on. */
  readonly attachedTo?: string
  /** The document's text, or its parsed form (which must then not be changed any more: it is compiled once). */
  readonly document: string | object
  /** SCPs and RCPs: which level of the organization (each level must allow, so list `…FullAWSAccess` too). */
  readonly level?: string
  /** What a simulation calls it: `PolicyInputList.1`, `user_anna_Inline`. */
  readonly id?: string
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
  /** The resource's own policy must allow, as with KMS keys; a `trust` policy among the policies implies it. */
  readonly resourcePolicyRequired?: boolean
}

export type StatementElement = 'Principal' | 'Action' | 'Resource' | 'Condition'

export interface FailedElement {
  readonly element: StatementElement
  readonly operator?: string
  /** As the policy spells it. */
  readonly key?: string
  /** The key was not in the request. */
  readonly missing?: boolean
  /** What the policy asked for. */
  readonly expected?: readonly string[]
}

export interface MatchedStatement {
  readonly source: PolicySource
  readonly sid?: string
  /** Position of the statement in its document, from 0. */
  readonly index: number
  readonly effect: 'Allow' | 'Deny'
  readonly matched: boolean
  /** Why it did not match: the element and, for conditions, operator and key. */
  readonly failed?: FailedElement
}

export interface Decision {
  readonly allowed: boolean
  readonly effect: 'ALLOW' | 'EXPLICIT_DENY' | 'IMPLICIT_DENY'
  /** The set that decided a refusal: what the message names. */
  readonly reason?: PolicyKind
  /** The policy and statement that decided, where one did. */
  readonly decidedBy?: MatchedStatement
  readonly statements: readonly MatchedStatement[]
  readonly request: AuthorizationRequest
}
