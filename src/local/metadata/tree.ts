// What does an instance tell of itself, and at which paths? Everything below `/latest/` but tokens and credentials.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-metadata.html#instancedata-data-categories

import type { Instance } from './instance.ts'

/** A file's text, or a folder. */
export type Node = string | Uint8Array | { readonly [name: string]: Node }

export function treeOf(instance: Instance): Node {
  const { region, zone, privateIp, network, mac, account, tags } = instance
  const host = `ip-${privateIp.replaceAll('.', '-')}.${region === 'us-east-1' ? 'ec2' : `${region}.compute`}.internal`
  return {
    dynamic: { 'instance-identity': { document: identityDocument(instance) } },
    'meta-data': {
      'ami-id': instance.image,
      'ami-launch-index': '0',
      'ami-manifest-path': '(unknown)',
      'block-device-mapping': { ami: '/dev/xvda', root: '/dev/xvda' },
      events: { maintenance: { history: '[]', scheduled: '[]' } },
      hostname: host,
      iam: { info: '', 'security-credentials': {} }, // written anew for each request (imds.ts)
      'identity-credentials': { ec2: { info: identityInfo(instance) } },
      'instance-action': 'none',
      'instance-id': instance.id,
      'instance-life-cycle': 'on-demand',
      'instance-type': instance.type,
      'local-hostname': host,
      'local-ipv4': privateIp,
      mac,
      metrics: { vhostmd: '<?xml version="1.0" encoding="UTF-8"?>' },
      network: {
        interfaces: {
          macs: {
            [mac]: {
              'device-number': '0',
              'interface-id': network.interface,
              'local-hostname': host,
              'local-ipv4s': privateIp,
              mac,
              'network-card-index': '0',
              'owner-id': account,
              'security-group-ids': network.group,
              'security-groups': 'default',
              'subnet-id': network.subnet,
              'subnet-ipv4-cidr-block': '172.31.0.0/20',
              'vpc-id': network.vpc,
              'vpc-ipv4-cidr-block': '172.31.0.0/16',
              'vpc-ipv4-cidr-blocks': '172.31.0.0/16',
            },
          },
        },
      },
      placement: { 'availability-zone': zone, 'availability-zone-id': zoneId(region), region },
      profile: 'default-hvm',
      'reservation-id': instance.reservation,
      'security-groups': 'default',
      services: { domain: 'amazonaws.com', partition: 'aws' },
      ...(Object.keys(tags).length > 0 && { tags: { instance: tags } }),
    },
    ...(instance.userData && { 'user-data': instance.userData }),
  }
}

function identityDocument(instance: Instance): string {
  return JSON.stringify(
    {
      accountId: instance.account,
      architecture: 'x86_64',
      availabilityZone: instance.zone,
      billingProducts: null,
      devpayProductCodes: null,
      marketplaceProductCodes: null,
      imageId: instance.image,
      instanceId: instance.id,
      instanceType: instance.type,
      kernelId: null,
      pendingTime: seconds(instance.launched),
      privateIp: instance.privateIp,
      ramdiskId: null,
      region: instance.region,
      version: '2017-09-30',
    },
    null,
    2,
  )
}

function identityInfo({ account, launched }: Instance): string {
  return JSON.stringify({ Code: 'Success', LastUpdated: seconds(launched), AccountId: account }, null, 2)
}

/** `2026-01-02T03:04:05Z` */
export function seconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z/, 'Z')
}

/** `eu-west-1` → `euw1-az1` */
function zoneId(region: string): string {
  const [place, direction, number] = region.split('-')
  const initials = direction?.replace(
    /^(north|south)?(east|west|central)?$/,
    (_, a = '', b = '') => a.slice(0, 1) + b.slice(0, 1),
  )
  return `${place}${initials}${number}-az1`
}

/** The names in a folder as IMDS lists them, or what a file holds; undefined where there is nothing. */
export function read(tree: Node, path: string): string | Uint8Array | undefined {
  let node: Node | undefined = tree
  for (const name of path.split('/').filter((each) => each !== '')) {
    if (typeof node !== 'object' || node instanceof Uint8Array || !Object.hasOwn(node, name)) return undefined
    node = node[name]
  }
  if (typeof node !== 'object' || node instanceof Uint8Array) return node
  return Object.entries(node)
    .map(([name, value]) => (typeof value === 'object' && !(value instanceof Uint8Array) ? `${name}/` : name))
    .join('\n')
}
