// The template of an organization: which quotas are asked for in every account that it makes from now on.
// https://docs.aws.amazon.com/servicequotas/latest/userguide/organization-templates.html

import { AwsError } from '../../../../lib/errors.ts'
import { Organizations } from '../../../accounts/organizations.ts'
import { serviceNames, quotaNamed } from '../../../quotas/registry.ts'
import { putTemplate, templateOf, type Template, type TemplateEntry } from '../../../quotas/templates.ts'
import { findQuota, illegalArgument, noSuchResource, page, type QuotaContext, type QuotaHandler } from '../state.ts'

const trusted = 'servicequotas.amazonaws.com'
const mostEntries = 10

/** The management account whose template it is; only it may have to do with it, and in one region. */
function management({ state, account, region }: QuotaContext): string {
  if (region !== 'us-east-1')
    throw new AwsError(
      'TemplatesNotAvailableInRegionException',
      'The Service Quotas template is not available in this AWS Region.',
    )
  const organization = new Organizations(state.rows).of(account)
  if (!organization)
    throw new AwsError(
      'NoAvailableOrganizationException',
      'The AWS account making this call is not a member of an organization.',
    )
  if (organization.management !== account)
    throw new AwsError('AccessDeniedException', 'You must use the management account of the organization.')
  return account
}

export const associateServiceQuotaTemplate: QuotaHandler = (_, context) => {
  const account = management(context)
  const organizations = new Organizations(context.state.rows)
  const organization = organizations.of(account)!
  if (organization.features !== 'ALL')
    throw new AwsError(
      'OrganizationNotInAllFeaturesModeException',
      'The organization that your AWS account belongs to is not in All Features mode.',
    )
  organization.services[trusted] ??= context.clock().getTime()
  organizations.all.put(organization)
  change(context, account, { isAssociated: true })
  return {}
}

export const disassociateServiceQuotaTemplate: QuotaHandler = (_, context) => {
  const account = management(context)
  if (!templateOf(context.state.rows, account).isAssociated)
    throw new AwsError(
      'ServiceQuotaTemplateNotInUseException',
      'The quota request template is not associated with your organization.',
    )
  change(context, account, { isAssociated: false })
  return {}
}

export const getAssociationForServiceQuotaTemplate: QuotaHandler = (_, context) => ({
  ServiceQuotaTemplateAssociationStatus: templateOf(context.state.rows, management(context)).isAssociated
    ? 'ASSOCIATED'
    : 'DISASSOCIATED',
})

export const putServiceQuotaIncreaseRequestIntoTemplate: QuotaHandler = (input, context) => {
  const account = management(context)
  const { ServiceCode: service, QuotaCode: code, AwsRegion: region } = input
  const quota = findQuota(service, code, quotaNamed(service, code)?.global ? 'us-east-1' : region)
  const desired = Number(input.DesiredValue)
  if (quota.most === undefined) throw illegalArgument(`The quota ${code} is not adjustable.`)
  if (desired <= quota.value)
    throw illegalArgument('You must provide a quota value greater than the current quota value')
  const entry = { service, code, region, desired }
  const others = templateOf(context.state.rows, account).entries.filter((each) => !isSame(each, entry))
  if (others.length >= mostEntries)
    throw new AwsError(
      'QuotaExceededException',
      `You have exceeded your service quota: a template holds ${mostEntries} requests at most.`,
    )
  change(context, account, { entries: [...others, entry] })
  return { ServiceQuotaIncreaseRequestInTemplate: entryShape(entry) }
}

export const getServiceQuotaIncreaseRequestFromTemplate: QuotaHandler = (input, context) => ({
  ServiceQuotaIncreaseRequestInTemplate: entryShape(find(input, context, management(context))),
})

export const deleteServiceQuotaIncreaseRequestFromTemplate: QuotaHandler = (input, context) => {
  const account = management(context)
  const entry = find(input, context, account)
  const { entries } = templateOf(context.state.rows, account)
  change(context, account, { entries: entries.filter((each) => !isSame(each, entry)) })
  return {}
}

export const listServiceQuotaIncreaseRequestsInTemplate: QuotaHandler = (input, context) => {
  const { entries } = templateOf(context.state.rows, management(context))
  const wanted = entries.filter(
    ({ service, region }) =>
      (input.ServiceCode === undefined || service === input.ServiceCode) &&
      (input.AwsRegion === undefined || region === input.AwsRegion),
  )
  return page(wanted.map(entryShape), input, 'ServiceQuotaIncreaseRequestInTemplateList')
}

function change({ state }: QuotaContext, account: string, to: Partial<Template>): void {
  putTemplate(state.rows, account, { ...templateOf(state.rows, account), ...to })
}

function isSame(a: TemplateEntry, b: Pick<TemplateEntry, 'service' | 'code' | 'region'>): boolean {
  return a.service === b.service && a.code === b.code && a.region === b.region
}

function find(input: any, { state }: QuotaContext, account: string): TemplateEntry {
  const wanted = { service: input.ServiceCode, code: input.QuotaCode, region: input.AwsRegion }
  const entry = templateOf(state.rows, account).entries.find((each) => isSame(each, wanted))
  if (!entry) throw noSuchResource('The request failed because the quota increase request is not in the template.')
  return entry
}

function entryShape({ service, code, region, desired }: TemplateEntry): object {
  const quota = quotaNamed(service, code)!
  return {
    ServiceCode: service,
    ServiceName: serviceNames[service],
    QuotaCode: code,
    QuotaName: quota.name,
    DesiredValue: desired,
    AwsRegion: region,
    Unit: quota.unit,
    GlobalQuota: quota.global,
  }
}
