// What in a policy is allowed by IAM and yet hardly meant? Names that no service has, resources that an action does not
// take, and the traps of conditions.

import type { Action, Actions, ServiceActions } from '../../../model/actions.ts'
import { parsePolicy, type Statement } from '../../../policy/parse.ts'
import { conditionDoubts } from './condition-doubts.ts'

/** A line for each doubt. The document must be one that parsePolicy understands. */
export async function warnings(document: string, actions: Actions): Promise<string[]> {
  const policy = parsePolicy(document)
  const found: string[] = []
  for (const statement of policy.statements) {
    const name = statement.sid === undefined ? `statement ${statement.index + 1}` : `"${statement.sid}"`
    const doubts = [
      ...(await actionDoubts(statement, actions)),
      ...(await resourceDoubts(statement, actions)),
      ...(await conditionDoubts(statement, actions)),
      ...broadDoubts(statement),
      ...redundant(statement),
    ]
    found.push(...doubts.map((doubt) => `${name}: ${doubt}`))
  }
  if (policy.version === '2008-10-17' && document.includes('${'))
    found.push('variables such as ${aws:username} are plain text here: they need "Version": "2012-10-17"')
  return found
}

async function actionDoubts({ actions: { texts } }: Statement, actions: Actions): Promise<string[]> {
  const doubts: string[] = []
  for (const text of texts) {
    if (text === '*') continue
    const [prefix, name] = text.split(':') as [string, string]
    const service = await actions.service(prefix.toLowerCase())
    if (!service) doubts.push(`no service has the prefix ${prefix}`)
    else if (matching(service, name).length === 0)
      doubts.push(`${service.title} has no action ${text}${similar(service, name)}`)
  }
  return doubts
}

function matching(service: ServiceActions, pattern: string) {
  const matches = likeness(pattern)
  return service.actions.filter((action) => matches(action.name))
}

function likeness(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const compiled = new RegExp(`^${source}$`, 'i')
  return (name) => compiled.test(name)
}

function similar(service: ServiceActions, name: string): string {
  const start = name.slice(0, Math.max(4, name.length - 3)).toLowerCase()
  const near = service.actions.find((action) => action.name.toLowerCase().startsWith(start))
  return near ? ` (${service.prefix}:${near.name}?)` : ''
}

/** An action that takes no resource is allowed by `*` alone; a resource of another service reaches nothing. */
async function resourceDoubts(
  { actions: { texts, negated }, resources }: Statement,
  actions: Actions,
): Promise<string[]> {
  if (negated || !resources || resources.negated || resources.texts.includes('*')) return []
  const doubts: string[] = []
  for (const text of texts.filter((each) => each !== '*')) {
    const [prefix, name] = text.split(':') as [string, string]
    const service = await actions.service(prefix.toLowerCase())
    if (!service || /[*?]/.test(name)) continue
    const action = service.action(name)
    if (!action) continue
    if (action.resourceTypes.length === 0) doubts.push(`${text} takes no resource: only "Resource": "*" reaches it`)
    else if (!resources.texts.some((arn) => action.resourceTypes.some(({ type }) => !type || mayName(arn, type.arn))))
      doubts.push(`${text} works on none of these resources; it takes ${taken(action)}`)
  }
  return doubts
}

/** The kinds of resource an action takes, those it cannot do without first. */
function taken({ resourceTypes }: Action): string {
  const inOrder = [...resourceTypes].sort((a, b) => Number(b.required) - Number(a.required))
  return inOrder
    .slice(0, 3)
    .map(({ type, name }) => type?.arn.split(', ')[0] ?? name)
    .join(' or ')
}

/** Whether a policy's ARN could name something of the reference's pattern. */
function mayName(arn: string, patterns: string): boolean {
  const given = arn.split(':')
  return patterns.split(', ').some((pattern) => {
    const wanted = pattern.split(':')
    return (
      [1, 2, 3, 4].every((i) => {
        const [own, its] = [given[i] ?? '', wanted[i] ?? '']
        return its.includes('${') || /[*?$]/.test(own) ? own !== '' || its.includes('${') : own === its
      }) && restMayName(given.slice(5).join(':'), wanted.slice(5).join(':'))
    )
  })
}

function restMayName(given: string, wanted: string): boolean {
  if (/[*?$]/.test(given))
    return (
      likeness(given.replace(/\$\{[^}]*\}/g, '*').replace(/\*.*$/, '*'))(wanted.replace(/\$\{\w+\}/g, 'x')) ||
      likeness(wanted.replace(/\$\{\w+\}/g, '*'))(given)
    )
  return likeness(wanted.replace(/\$\{\w+\}/g, '*'))(given)
}

function broadDoubts({ effect, actions, resources, principals, conditions }: Statement): string[] {
  if (effect === 'Deny') return []
  const doubts: string[] = []
  if (actions.negated)
    doubts.push('an Allow with NotAction allows everything that is not named, IAM and what comes in future included')
  if (resources?.negated) doubts.push('an Allow with NotResource allows every resource that is not named')
  if (principals?.negated)
    doubts.push('an Allow with NotPrincipal allows everybody who is not named, anonymous callers included')
  if (
    principals &&
    !principals.negated &&
    conditions.length === 0 &&
    principals.entries.some(({ value }) => value === '*')
  )
    doubts.push('it allows anyone in the world, without a condition')
  const isAll = (list: { texts: readonly string[]; negated: boolean } | undefined): boolean =>
    list !== undefined && !list.negated && list.texts.includes('*')
  if (!principals && isAll(actions) && isAll(resources) && conditions.length === 0)
    doubts.push('it allows everything: an administrator')
  const passes = !actions.negated && actions.texts.some((text) => /^iam:(PassRole|\*)$/i.test(text))
  if (passes && isAll(resources) && conditions.length === 0)
    doubts.push('iam:PassRole on every role lets the holder become any of them, by way of a service')
  return doubts
}

/** What another pattern of the same list takes in already. */
function redundant({ actions, resources }: Statement): string[] {
  return [...redundantOf('action', actions.texts), ...redundantOf('resource', resources?.texts ?? [])]
}

function redundantOf(kind: string, texts: readonly string[]): string[] {
  const doubts: string[] = []
  for (const [at, text] of texts.entries()) {
    const wider = texts.find((other) => other !== text && coversAll(other, text))
    if (wider !== undefined) doubts.push(`the ${kind} ${text} is one of ${wider} already`)
    else if (texts.indexOf(text) !== at) doubts.push(`the ${kind} ${text} stands there twice`)
  }
  return doubts
}

function coversAll(wider: string, text: string): boolean {
  return /[*?]/.test(wider) && !wider.includes('${') && likeness(wider)(text)
}
