// ClassicLink, which AWS retired in August 2022 with EC2-Classic: no VPC has it, and none can get it.
// https://aws.amazon.com/blogs/aws/ec2-classic-is-retiring-heres-how-to-prepare/

import { AwsError } from '../../../../lib/errors.ts'
import { describe } from '../describe.ts'
import type { Ec2Handler } from '../state.ts'

export const describeVpcClassicLink: Ec2Handler = (input, { state }) =>
  describe(state.vpcs, input, {
    ids: 'VpcIds',
    list: 'Vpcs',
    shown: ({ VpcId, Tags = [] }) => ({ VpcId, ClassicLinkEnabled: false, Tags }),
    filters: { 'is-classic-link-enabled': 'ClassicLinkEnabled' },
  })

export const describeVpcClassicLinkDnsSupport: Ec2Handler = (input, { state }) => {
  const { Vpcs, NextToken } = describe(state.vpcs, input, {
    ids: 'VpcIds',
    list: 'Vpcs',
    pages: [5, 255],
    shown: ({ VpcId }) => ({ VpcId, ClassicLinkDnsSupported: false }),
    filters: {},
  })
  return { Vpcs, NextToken }
}

export const describeClassicLinkInstances: Ec2Handler = () => ({ Instances: [] })

const retired: Ec2Handler = (_input, { operation }) => {
  throw new AwsError('UnsupportedOperation', `${operation} is not supported: EC2-Classic has been retired.`)
}

export const enableVpcClassicLink: Ec2Handler = retired
export const disableVpcClassicLink: Ec2Handler = retired
export const enableVpcClassicLinkDnsSupport: Ec2Handler = retired
export const disableVpcClassicLinkDnsSupport: Ec2Handler = retired
export const attachClassicLinkVpc: Ec2Handler = retired
export const detachClassicLinkVpc: Ec2Handler = retired
export const moveAddressToVpc: Ec2Handler = retired
export const restoreAddressToClassic: Ec2Handler = retired
