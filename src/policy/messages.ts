// How does AWS say no? The AccessDenied sentence, written from a decision.
//
//   User: arn:aws:iam::123456789012:user/anna is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k"
//     because no identity-based policy allows the s3:GetObject action
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html

import { policyKindNames } from './kind-names.ts'
import type { Decision, PolicyKind } from './types.ts'

/**
 * `classic`: without a reason (before 2021, and where services still say no more). `2021`: with the reason.
 * `2026-01`: with the ARN of a policy that explicitly denies. An authorization id adds the sentence of 2026-08.
 */
export type Generation = 'classic' | '2021' | '2026-01'

export interface MessageOptions {
  /** Default `2026-01`. */
  readonly generation?: Generation
  /** The resource in the service's spelling (`user anna`, `"arn:…"`); null leaves it out. Default the ARN, not `*`. */
  readonly resource?: string | null
  /** The action in the service's spelling (`SNS:Publish`). */
  readonly action?: string
  /** Whether caller and resource, in different accounts, share an organization: strangers are told no reason. */
  readonly sameOrganization?: boolean
  /** IAM's Access Troubleshooter: the id to ask GetRequestAuthorizationDetails for. */
  readonly authorizationId?: string
  /** Tell the reason for a role's trust policy too. It is documented, but STS says nothing in practice. */
  readonly trustReason?: boolean
}

/** The message of AccessDenied, AccessDeniedException and their kin. */
export function accessDeniedMessage(decision: Decision, options: MessageOptions = {}): string {
  const { request } = decision
  const action = options.action ?? request.action
  const resource = options.resource === undefined ? ownSpelling(request.resource) : options.resource
  const sentence = [
    `User: ${request.principal.arn} is not authorized to perform: ${action}`,
    resource === null ? '' : ` on resource: ${resource}`,
    reasonOf(decision, action, options),
  ].join('')
  return sentence + troubleshooterHint(options.authorizationId)
}

function ownSpelling(resource: string): string | null {
  return resource === '*' ? null : resource
}

/** EC2's UnauthorizedOperation; `encoded` is the sealed message, left out where an operation has none (Describe…). */
export function unauthorizedOperationMessage(
  decision: Decision,
  encoded?: string,
  options: MessageOptions = {},
): string {
  const sentence = `You are not authorized to perform this operation. ${accessDeniedMessage(decision, options)}`
  return encoded === undefined ? sentence : `${sentence}. Encoded authorization failure message: ${encoded}`
}

function reasonOf(decision: Decision, action: string, options: MessageOptions): string {
  const { reason } = decision
  const generation = options.generation ?? '2026-01'
  if (reason === undefined || generation === 'classic') return ''
  if (reason === 'trust' && !options.trustReason) return ''
  if (isCrossAccount(decision) && !options.sameOrganization) return ''
  if (decision.effect === 'IMPLICIT_DENY') return ` because no ${policyKindNames[reason]} allows the ${action} action`
  const arn = generation === '2026-01' ? decision.decidedBy?.source.arn : undefined
  return ` with an explicit deny in ${articleOf(reason)} ${policyKindNames[reason]}${arn === undefined ? '' : `: ${arn}`}`
}

function articleOf(kind: PolicyKind): string {
  return kind === 'trust' ? 'the' : kind === 'identity' ? 'an' : 'a'
}

function isCrossAccount({ request }: Decision): boolean {
  const { principal, resourceAccountId } = request
  return resourceAccountId !== undefined && resourceAccountId !== principal.accountId
}

function troubleshooterHint(id: string | undefined): string {
  if (id === undefined) return ''
  const page = 'https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/'
  return (
    `. Go to ${page}${id} for complete details, ` +
    `or call the GetRequestAuthorizationDetails API with the following authorization id: ${id}`
  )
}
