// AssumeRoot: fifteen minutes as root of a member account, for one task.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html

import { Organizations } from '../../../accounts/organizations.ts'
import { issue } from '../../../accounts/sessions.ts'
import { accessDenied, validationError } from '../errors.ts'
import { wholeSeconds } from '../moments.ts'
import { rootArnOf } from '../permissions.ts'
import type { StsHandler } from '../state.ts'

const tasks = 'arn:aws:iam::aws:policy/root-task/'

export const assumeRoot: StsHandler = (input, { state, caller, clock, account }) => {
  const arn = rootArnOf(input.TargetPrincipal)
  const target = /^arn:aws:iam::(\d{12}):root$/.exec(arn)?.[1]
  if (target === undefined) throw validationError(`${input.TargetPrincipal} is invalid`)
  const task: string = input.TaskPolicyArn.arn ?? ''
  if (!task.startsWith(tasks) || !state.identities.policy(task))
    throw validationError(`${task} is not a policy of a task of root.`)
  const refused = accessDenied(
    `User: ${caller.principal.arn} is not authorized to perform: sts:AssumeRoot on resource: ${arn}`,
  )
  const organizations = new Organizations(state.rows)
  const organization = organizations.of(account)
  const isManager =
    organization?.management === account ||
    organization?.delegates.some((each) => each.account === account && each.service === 'iam.amazonaws.com')
  const isMember = organization !== undefined && organizations.members.get(target)?.organization === organization.id
  if (!isManager || !isMember || organization.management === target) throw refused
  if (!organization.rootFeatures.includes('RootSessions')) throw refused
  const issued = wholeSeconds(clock())
  const Credentials = issue(state.rows, {
    kind: 'AssumeRoot',
    accountId: target,
    principalId: target,
    principalName: '',
    issued,
    expires: issued + (input.DurationSeconds ?? 900) * 1000,
    policyArns: [task],
    sourceIdentity: caller.session?.sourceIdentity,
  })
  return { Credentials, SourceIdentity: caller.session?.sourceIdentity }
}
