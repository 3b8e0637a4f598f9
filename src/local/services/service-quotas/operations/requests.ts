// Asking for more: a request waits, may become a support case, and is answered (quotas/applied.ts says when).

import { AwsError } from '../../../../lib/errors.ts'
import { isOpen, openCase, putQuotas, valueOf, type QuotaRequest } from '../../../quotas/applied.ts'
import { quotaNamed, serviceNames } from '../../../quotas/registry.ts'
import { newRequest } from '../../../quotas/templates.ts'
import {
  arnOf,
  findQuota,
  illegalArgument,
  noSuchResource,
  ofService,
  page,
  quotasOf,
  type QuotaContext,
  type QuotaHandler,
} from '../state.ts'

/** Open requests of an account. */
const mostOpen = 20

export const requestIncrease: QuotaHandler = (input, context) => {
  const { state, caller, clock, region } = context
  const quota = findQuota(input.ServiceCode, input.QuotaCode, region)
  const quotas = quotasOf(context)
  const where = quota.global ? '' : region
  const desired = Number(input.DesiredValue)
  // The code is the model's; this text was not seen.
  if (quota.most === undefined) throw illegalArgument(`The quota ${quota.code} is not adjustable.`)
  if (desired <= valueOf(quotas, quota, region))
    throw illegalArgument('You must provide a quota value greater than the current quota value')
  const isSame = (each: QuotaRequest): boolean =>
    each.service === quota.service && each.code === quota.code && each.region === where
  if (quotas.requests.some((each) => isSame(each) && isOpen(each)))
    throw new AwsError(
      'ResourceAlreadyExistsException',
      'Only one open service quota increase request is allowed per quota.',
    )
  if (quotas.requests.filter(isOpen).length >= mostOpen)
    throw new AwsError(
      'QuotaExceededException',
      `You have exceeded your service quota: there may be ${mostOpen} open requests at most.`,
    )
  const request = newRequest({
    service: quota.service,
    code: quota.code,
    region: where,
    desired,
    requester: JSON.stringify({ accountId: context.account, callerArn: caller.principal.arn }),
    supportCase: input.SupportCaseAllowed !== false,
    now: clock().getTime(),
  })
  quotas.requests.push(request)
  putQuotas(state.rows, state.account, quotas)
  return { RequestedQuota: requestShape(request, context) }
}

export const getRequest: QuotaHandler = (input, context) => ({
  RequestedQuota: requestShape(findRequest(input.RequestId, context).request, context),
})

export const listRequests: QuotaHandler = (input, context) => {
  if (input.ServiceCode !== undefined) ofService(input.ServiceCode, context.region)
  if (input.QuotaCode !== undefined) findQuota(input.ServiceCode, input.QuotaCode, context.region)
  const wanted = quotasOf(context).requests.filter(
    ({ service, code, region, status }) =>
      (region === '' ? context.region === 'us-east-1' : region === context.region) &&
      (input.ServiceCode === undefined || service === input.ServiceCode) &&
      (input.QuotaCode === undefined || code === input.QuotaCode) &&
      (input.Status === undefined || status === input.Status) &&
      // There are none of single resources here.
      input.QuotaRequestedAtLevel !== 'RESOURCE',
  )
  return page(wanted.map((request) => requestShape(request, context)).reverse(), input, 'RequestedQuotas')
}

/** For a request that was made without leave to open a case. */
export const createSupportCase: QuotaHandler = (input, context) => {
  const { quotas, request } = findRequest(input.RequestId, context)
  if (request.caseId !== undefined)
    throw new AwsError('ResourceAlreadyExistsException', 'A support case already exists for the request.')
  if (!isOpen(request)) throw new AwsError('InvalidResourceStateException', `The request is ${request.status}.`)
  openCase(request, context.clock().getTime())
  putQuotas(context.state.rows, context.state.account, quotas)
  return {}
}

function findRequest(id: string, context: QuotaContext) {
  const quotas = quotasOf(context)
  const request = quotas.requests.find((each) => each.id === id)
  if (!request) throw noSuchResource('The request failed because the specified quota request does not exist.')
  return { quotas, request }
}

function requestShape(request: QuotaRequest, { account }: QuotaContext): object {
  const quota = quotaNamed(request.service, request.code)!
  return {
    Id: request.id,
    ...(request.caseId !== undefined && { CaseId: request.caseId }),
    ServiceCode: quota.service,
    ServiceName: serviceNames[quota.service],
    QuotaCode: quota.code,
    QuotaName: quota.name,
    DesiredValue: request.desired,
    Status: request.status,
    Created: new Date(request.created),
    LastUpdated: new Date(request.updated),
    Requester: request.requester,
    QuotaArn: arnOf(quota, request.region, account),
    GlobalQuota: quota.global,
    Unit: quota.unit,
    QuotaRequestedAtLevel: 'ACCOUNT',
  }
}
