// What does a denial say? The text of any AWS denial taken apart again: the reverse of messages.ts, for all of its
// generations, and for what came before them.

import type { PolicyKind } from './types.ts'

export interface Denial {
  /** The text, without what the command line put before it. */
  readonly message: string
  readonly principal?: string
  /** `s3:GetObject` as the service spells it. */
  readonly action?: string
  readonly resource?: string
  readonly effect?: 'EXPLICIT_DENY' | 'IMPLICIT_DENY'
  /** The set of policies that the message names. */
  readonly kind?: PolicyKind
  /** `…transitively through a service control policy`: the set behind the set. */
  readonly through?: PolicyKind
  /** The policy that denies. */
  readonly policyArn?: string
  /** What sts:DecodeAuthorizationMessage can read. */
  readonly encoded?: string
  /** What iam-toolbox GetRequestAuthorizationDetails can be asked for. */
  readonly authorizationId?: string
}

const KINDS: readonly (readonly [RegExp, PolicyKind])[] = [
  [/^identity-based policy$/, 'identity'],
  [/^resource-based policy$/, 'resource'],
  [/^(IAM )?role trust policy$/, 'trust'],
  [/^permissions boundary$/, 'boundary'],
  [/^sessions? policy$/, 'session'],
  [/^service control policy$/, 'scp'],
  [/^resource control policy$/, 'rcp'],
  [/^VPC endpoint policy$/, 'vpc-endpoint'],
]

const KIND = String.raw`(?:identity-based|resource-based|(?:IAM )?role trust|sessions?|service control|resource control|VPC endpoint) policy|permissions boundary`

const SENTENCE = new RegExp(
  [
    String.raw`(?:User: (?<principal>\S+) )?is not authorized to perform: (?<action>[\w-]+:[\w*]+)`,
    String.raw`(?: on resource: (?<resource>"[^"]*"|.+?))?`,
    String.raw`(?: because no (?<implicit>${KIND}) allows the \S+ action| with an explicit deny in (?:an? |the )(?<explicit>${KIND}))?`,
    String.raw`(?: transitively through an? (?<through>${KIND}))?`,
    String.raw`(?:: (?<policyArn>arn:\S+?))?`,
    String.raw`(?=\.? Encoded authorization failure message:|\. Go to https:|[.\s]*$)`,
  ].join(''),
  's',
)

/** Undefined for a text that is no denial. */
export function readDenial(text: string): Denial | undefined {
  const message = text
    .trim()
    .replace(
      /^(?:aws: \[ERROR\]: )?An error occurred \([\w.]+\) when calling the \w+ operation(?: \(reached max retries: \d+\))?: /,
      '',
    )
  const encoded = /Encoded authorization failure message: ([\w+/=-]+)/.exec(message)?.[1]
  const authorizationId = /authorization id: ([0-9a-z]{20,32})/.exec(message)?.[1]
  const found = SENTENCE.exec(message.replace(/\s+/g, ' '))?.groups
  const isBare =
    /^(?:Access ?Denied\b|Forbidden$|You are not authorized to perform this operation|Not authorized to perform )/i.test(
      message,
    )
  if (!found && !encoded && !isBare) return undefined
  const { principal, action, resource, implicit, explicit, through, policyArn } = found ?? {}
  const kind = kindOf(implicit ?? explicit)
  const told = {
    principal,
    action: action ?? /^Not authorized to perform ([\w-]+:\w+)/.exec(message)?.[1],
    resource: resource?.replace(/^"(.*)"$/, '$1'),
    effect: explicit ? ('EXPLICIT_DENY' as const) : implicit ? ('IMPLICIT_DENY' as const) : undefined,
    kind,
    through: kindOf(through),
    policyArn,
    encoded,
    authorizationId,
  }
  return {
    message,
    ...(Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as Omit<Denial, 'message'>),
  }
}

function kindOf(words: string | undefined): PolicyKind | undefined {
  return words === undefined ? undefined : KINDS.find(([pattern]) => pattern.test(words))?.[1]
}
