// Cases: opened, read, answered and resolved.

import { AwsError } from '../../../../lib/errors.ts'
import { settingsIn } from '../../../settings.ts'
import { attachmentsIn } from '../attachments.ts'
import {
  addCommunication,
  casesOf,
  communicationsOf,
  findCase,
  newCaseId,
  putCase,
  reopen,
  resolve,
  type Case,
  type Communication,
} from '../cases.ts'
import { issueTypes, languages, severities } from '../options.ts'
import { invalid, momentOf, pageOf, type SupportContext, type SupportHandler } from '../state.ts'

const keptFor = 365 * 86_400_000

export const createCase: SupportHandler = (input, context) => {
  const now = context.clock().getTime()
  checkChoices(input, context)
  const id = newCaseId(context.account, now)
  putCase(
    {
      id,
      displayId: String(1_000_000_000 + crypto.getRandomValues(new Uint32Array(1))[0]!),
      subject: input.subject,
      status: 'opened',
      service: input.serviceCode ?? 'general-info',
      category: input.categoryCode ?? 'using-aws',
      severity: input.severityCode ?? 'low',
      submittedBy: context.caller.principal.arn,
      created: now,
      copies: input.ccEmailAddresses ?? [],
      language: input.language ?? 'en',
    },
    context,
  )
  const attachments = attachmentsIn(input.attachmentSetId, context)
  const said = { body: input.communicationBody, submittedBy: context.caller.principal.arn, at: now, attachments }
  addCommunication(id, said, context)
  return { caseId: id }
}

function checkChoices(input: any, { state }: SupportContext): void {
  const { severityCode, language, issueType } = input
  const known = (list: readonly { readonly code: string }[], code: string): boolean =>
    list.some((each) => each.code === code)
  if (severityCode !== undefined && !known(severities, severityCode))
    throw invalid(`The severity code ${severityCode} is not valid.`)
  if (severityCode === 'critical' && settingsIn(state.rows).support !== 'enterprise')
    throw invalid('The severity code critical requires the Enterprise Support plan.')
  if (language !== undefined && !known(languages, language)) throw invalid(`The language ${language} is not supported.`)
  if (issueType !== undefined && !(issueTypes as readonly string[]).includes(issueType))
    throw invalid(`The issue type ${issueType} is not valid.`)
}

export const describeCases: SupportHandler = (input, context) => {
  const { caseIdList = [], displayId, includeResolvedCases = false, includeCommunications = true } = input
  const [after, before] = [momentOf(input.afterTime, 'afterTime'), momentOf(input.beforeTime, 'beforeTime')]
  for (const id of caseIdList) findCase(id, context)
  const now = context.clock().getTime()
  const wanted = casesOf(context).filter(
    (each) =>
      each.created >= now - keptFor &&
      (caseIdList.length === 0 || caseIdList.includes(each.id)) &&
      (displayId === undefined || each.displayId === displayId) &&
      (includeResolvedCases || each.status !== 'resolved') &&
      (after === undefined || each.created >= after) &&
      (before === undefined || each.created <= before),
  )
  if (displayId !== undefined && wanted.length === 0)
    throw new AwsError('CaseIdNotFound', `No case was found with the display ID ${displayId}.`)
  const { here, nextToken } = pageOf(wanted, input)
  return {
    cases: here.map((each) => caseShape(each, includeCommunications, context)),
    ...(nextToken !== undefined && { nextToken }),
  }
}

const recently = 5

function caseShape(given: Case, withCommunications: boolean, context: SupportContext): object {
  const said = withCommunications ? communicationsOf(given, context) : []
  return {
    caseId: given.id,
    displayId: given.displayId,
    subject: given.subject,
    status: given.status,
    serviceCode: given.service,
    categoryCode: given.category,
    severityCode: given.severity,
    submittedBy: given.submittedBy,
    timeCreated: new Date(given.created).toISOString(),
    ...(withCommunications && {
      recentCommunications: {
        communications: said.slice(0, recently).map((each) => communicationShape(each, given.id)),
        ...(said.length > recently && { nextToken: String(recently) }),
      },
    }),
    ccEmailAddresses: given.copies,
    language: given.language,
  }
}

function communicationShape({ body, submittedBy, at, attachments }: Communication, caseId: string): object {
  return { caseId, body, submittedBy, timeCreated: new Date(at).toISOString(), attachmentSet: attachments }
}

export const describeCommunications: SupportHandler = (input, context) => {
  const given = findCase(input.caseId, context)
  const [after, before] = [momentOf(input.afterTime, 'afterTime'), momentOf(input.beforeTime, 'beforeTime')]
  const said = communicationsOf(given, context).filter(
    ({ at }) => (after === undefined || at >= after) && (before === undefined || at <= before),
  )
  const { here, nextToken } = pageOf(said, input)
  return {
    communications: here.map((each) => communicationShape(each, given.id)),
    ...(nextToken !== undefined && { nextToken }),
  }
}

export const addCommunicationToCase: SupportHandler = (input, context) => {
  const given = named(input.caseId, context)
  const attachments = attachmentsIn(input.attachmentSetId, context)
  const { arn } = context.caller.principal
  const said = { body: input.communicationBody, submittedBy: arn, at: context.clock().getTime(), attachments }
  addCommunication(given.id, said, context)
  reopen(given, context)
  return { result: true }
}

export const resolveCase: SupportHandler = (input, context) => {
  const given = named(input.caseId, context)
  resolve(given, context)
  return { initialCaseStatus: given.status, finalCaseStatus: 'resolved' }
}

function named(id: string | undefined, context: SupportContext): Case {
  if (id === undefined) throw invalid('caseId is required.')
  return findCase(id, context)
}
