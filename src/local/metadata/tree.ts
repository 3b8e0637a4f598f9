// What does an instance tell of itself, and at which paths? Everything below `/latest/` but tokens and credentials.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-metadata.html#instancedata-data-categories

import type { Instance, NetworkInterface } from './instance.ts'

/** A file's text, or a folder. */
export type Node = string | Uint8Array | { readonly [name: string]: Node }

export function treeOf(instance: Instance): Node {
  const { region, zone, zoneId, account, publicKey, profile, interfaces, tags } = instance
  const [primary] = interfaces
  const ip = primary?.privateIps[0] ?? ''
  const host = hostOf(ip, region)
  return {
    dynamic: { 'instance-identity': { document: identityDocument(instance) } },
    'meta-data': {
      'ami-id': instance.image,
      'ami-launch-index': String(instance.launchIndex),
      'ami-manifest-path': '(unknown)',
      'block-device-mapping': devices(instance.devices),
      events: { maintenance: { history: '[]', scheduled: '[]' } },
      hostname: host,
      // Written anew for each request (imds.ts).
      ...(profile && { iam: { info: '', 'security-credentials': {} } }),
      'identity-credentials': { ec2: { info: identityInfo(instance) } },
      'instance-action': 'none',
      'instance-id': instance.id,
      'instance-life-cycle': instance.lifecycle,
      'instance-type': instance.type,
      'local-hostname': host,
      'local-ipv4': ip,
      mac: primary?.mac ?? '',
      metrics: { vhostmd: '<?xml version="1.0" encoding="UTF-8"?>' },
      network: {
        interfaces: { macs: Object.fromEntries(interfaces.map((each) => [each.mac, interfaceNode(each, region)])) },
      },
      placement: { 'availability-zone': zone, 'availability-zone-id': zoneId, region },
      profile: 'default-hvm',
      ...(primary?.publicIp !== undefined && {
        'public-hostname': primary.publicName ?? '',
        'public-ipv4': primary.publicIp,
      }),
      ...(publicKey && { 'public-keys': { [`0=${publicKey.name}`]: { 'openssh-key': publicKey.body } } }),
      'reservation-id': instance.reservation,
      'security-groups': (primary?.groups ?? []).map(({ name }) => name).join('\n'),
      services: { domain: 'amazonaws.com', partition: 'aws' },
      ...(tags && { tags: { instance: tags } }),
    },
    ...(instance.userData && { 'user-data': instance.userData }),
  }

  function interfaceNode(each: NetworkInterface, where: string): Node {
    const { privateIps, ipv6s, publicIp, publicName, vpcBlocks, groups } = each
    return {
      'device-number': String(each.device),
      'interface-id': each.id,
      ...(publicIp !== undefined && { 'ipv4-associations': { [publicIp]: privateIps[0] ?? '' } }),
      ...(ipv6s.length > 0 && { ipv6s: ipv6s.join('\n') }),
      'local-hostname': hostOf(privateIps[0] ?? '', where),
      'local-ipv4s': privateIps.join('\n'),
      mac: each.mac,
      'network-card-index': '0',
      'owner-id': account,
      ...(publicIp !== undefined && { 'public-hostname': publicName ?? '', 'public-ipv4s': publicIp }),
      'security-group-ids': groups.map(({ id }) => id).join('\n'),
      'security-groups': groups.map(({ name }) => name).join('\n'),
      'subnet-id': each.subnet,
      'subnet-ipv4-cidr-block': each.subnetBlock,
      'vpc-id': each.vpc,
      'vpc-ipv4-cidr-block': vpcBlocks[0] ?? '',
      'vpc-ipv4-cidr-blocks': vpcBlocks.join('\n'),
    }
  }
}

function hostOf(ip: string, region: string): string {
  return `ip-${ip.replaceAll('.', '-')}.${region === 'us-east-1' ? 'ec2' : `${region}.compute`}.internal`
}

/** The root twice, then what was put beside it. */
function devices([root = '/dev/xvda', ...others]: readonly string[]): Node {
  return {
    ami: root,
    ...Object.fromEntries(others.map((name, i) => [`ebs${i + 1}`, name.replace('/dev/', '')])),
    root,
  }
}

function identityDocument(instance: Instance): string {
  return JSON.stringify(
    {
      accountId: instance.account,
      architecture: instance.architecture,
      availabilityZone: instance.zone,
      billingProducts: null,
      devpayProductCodes: null,
      marketplaceProductCodes: null,
      imageId: instance.image,
      instanceId: instance.id,
      instanceType: instance.type,
      kernelId: null,
      pendingTime: seconds(instance.launched),
      privateIp: instance.interfaces[0]?.privateIps[0] ?? null,
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

/** The names in a folder as IMDS lists them, or what a file holds; undefined where there is nothing. */
export function read(tree: Node, path: string): string | Uint8Array | undefined {
  let node: Node | undefined = tree
  for (const name of path.split('/').filter((each) => each !== '')) {
    if (typeof node !== 'object' || node instanceof Uint8Array) return undefined
    // Public keys are listed as `0=name` and asked for as `0`.
    const entry: string | undefined = Object.hasOwn(node, name)
      ? name
      : Object.keys(node).find((each) => /^\d+$/.test(name) && each.startsWith(`${name}=`))
    if (entry === undefined) return undefined
    node = node[entry]
  }
  if (typeof node !== 'object' || node instanceof Uint8Array) return node
  return Object.entries(node)
    .map(([name, value]) =>
      typeof value === 'object' && !(value instanceof Uint8Array) && !/^\d+=/.test(name) ? `${name}/` : name,
    )
    .join('\n')
}
