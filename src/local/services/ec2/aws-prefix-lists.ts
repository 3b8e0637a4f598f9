// The prefix lists that AWS keeps in every region: of the services that gateway endpoints lead to, and of CloudFront's
// origin-facing servers. Blocks: some of those that AWS publishes (https://ip-ranges.amazonaws.com/ip-ranges.json).

import { fixedDigits } from './zones.ts'

/** The services that gateway endpoints lead to. */
export const gatewayServices = ['s3', 'dynamodb']

const blocks: Record<string, readonly string[]> = {
  s3: ['52.216.0.0/15', '54.231.0.0/16'],
  dynamodb: ['52.94.0.0/22'],
  cloudfront: ['15.158.0.0/16', '64.252.64.0/18', '70.132.0.0/18', '130.176.0.0/17'],
}

export function prefixListOf(region: string, service: string): string {
  return `pl-${fixedDigits(region, service).slice(1, 9)}`
}

export interface AwsPrefixList {
  PrefixListId: string
  PrefixListName: string
  PrefixListArn: string
  AddressFamily: string
  State: string
  OwnerId: string
  Tags: []
  cidrs: readonly string[]
  /** Before all that were made here. */
  order: number
}

export function awsPrefixLists(region: string): AwsPrefixList[] {
  const names = Object.keys(blocks).map((service) => ({
    name:
      service === 'cloudfront' ? 'com.amazonaws.global.cloudfront.origin-facing' : `com.amazonaws.${region}.${service}`,
    cidrs: blocks[service]!,
  }))
  return names.map(({ name, cidrs }, at) => {
    const PrefixListId = prefixListOf(region, name)
    return {
      PrefixListId,
      PrefixListName: name,
      PrefixListArn: `arn:aws:ec2:${region}:aws:prefix-list/${PrefixListId}`,
      AddressFamily: 'IPv4',
      State: 'create-complete',
      OwnerId: 'AWS',
      Tags: [],
      cidrs,
      order: at,
    }
  })
}
