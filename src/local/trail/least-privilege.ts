// Which policy allows what was done, and nothing more? From the questions IAM was asked: actions that touched the same
// resources share a statement.

import type { Entry } from './entry.ts'

export interface Choice {
  /** An ARN, or the end of one: `user/ana`, `ana`. Default everybody. */
  readonly principal?: string
  /** What was refused too: the policy that would have been needed. */
  readonly denied: boolean
}

export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly {
    readonly Effect: 'Allow'
    readonly Action: string | string[]
    readonly Resource: string | string[]
  }[]
}

/** Undefined where nothing was asked of IAM. */
export function leastPrivilege(entries: readonly Entry[], { principal, denied }: Choice): PolicyDocument | undefined {
  const resources = new Map<string, Set<string>>()
  for (const entry of entries) {
    // What a service of AWS did on its own is a matter of the resource's policy.
    if (entry.invokedBy !== undefined) continue
    if (principal !== undefined && !isCalled(entry.principal, principal)) continue
    for (const { action, resource, effect } of entry.decisions) {
      if (effect !== 'ALLOW' && !denied) continue
      resources.set(action, (resources.get(action) ?? new Set()).add(generalized(resource)))
    }
  }
  if (resources.size === 0) return undefined
  const groups = new Map<string, string[]>()
  for (const [action, on] of [...resources].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const key = JSON.stringify(on.has('*') ? ['*'] : [...on].sort())
    groups.set(key, [...(groups.get(key) ?? []), action])
  }
  const Statement = [...groups].map(([key, actions]) => ({
    Effect: 'Allow' as const,
    Action: one(actions),
    Resource: one(JSON.parse(key) as string[]),
  }))
  return { Version: '2012-10-17', Statement }
}

function isCalled(arn: string | undefined, name: string): boolean {
  return arn !== undefined && (arn === name || arn.endsWith(`/${name}`) || arn.endsWith(`:${name}`))
}

/** `user/` is how IAM calls all users: a policy must say `user/*`. */
function generalized(resource: string): string {
  return resource.endsWith('/') && resource.startsWith('arn:aws:iam:') ? `${resource}*` : resource
}

function one(texts: string[]): string | string[] {
  return texts.length === 1 ? texts[0]! : texts
}
