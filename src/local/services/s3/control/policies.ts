// The policies of access points.

import { utf8 } from '../../../../lib/bytes.ts'
import { validateAccessPointPolicy } from '../../../../policy/validate-bucket.ts'
import { pointArn } from '../access-points.ts'
import { pointActionTargets } from '../actions.ts'
import { accessDenied, s3Error } from '../errors.ts'
import { strictest } from '../public-access.ts'
import { isPublicPolicy } from '../public-policy.ts'
import type { AccessPoint } from '../records.ts'
import type { S3Context, S3Handler } from '../state.ts'

const largest = 20_480

export const putAccessPointPolicy: S3Handler = (input, context) => {
  const { state } = context
  const point = pointOf(input, context)
  const policy: string = input.Policy ?? ''
  if (utf8(policy).length > largest)
    throw s3Error(400, 'MalformedPolicy', 'Normalized policy document exceeds the maximum allowed size')
  validateAccessPointPolicy(policy, pointArn(point), pointActionTargets())
  const block = strictest(point.block, state.accountBlock(point.account))
  if (block.BlockPublicPolicy && isPublicPolicy(policy, point.vpc)) throw accessDenied()
  state.points.put({ ...point, policy })
}

export const getAccessPointPolicy: S3Handler = (input, context) => ({ Policy: policyOf(pointOf(input, context)) })

export const getAccessPointPolicyStatus: S3Handler = (input, context) => {
  const point = pointOf(input, context)
  return { PolicyStatus: { IsPublic: isPublicPolicy(policyOf(point), point.vpc) } }
}

export const deleteAccessPointPolicy: S3Handler = (input, context) => {
  const { policy: _gone, ...point } = pointOf(input, context)
  context.state.points.put(point)
  context.answer.status = 204
}

function pointOf({ Name: name }: { Name: string }, { state, account, region }: S3Context): AccessPoint {
  return state.points.get({ account, region, name })
}

function policyOf({ name, policy }: AccessPoint): string {
  if (policy === undefined)
    throw s3Error(404, 'NoSuchAccessPointPolicy', 'The specified accesspoint policy does not exist', {
      AccessPointName: name,
    })
  return policy
}
