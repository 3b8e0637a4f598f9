// EC2: counts, security-group rules and network interfaces in short, passwords decrypted, uploads signed.

import { toBase64, utf8 } from '../../lib/bytes.ts'
import { Failure } from '../../lib/errors.ts'
import { isStructure } from '../../lib/value.ts'
import type { Structure, Value } from '../../lib/value.ts'
import { parseInteger } from '../../lib/python.ts'
import { expandPath } from '../input/param-file.ts'
import { refused } from './change.ts'
import type { CommandChange, ServiceChanges } from './change.ts'

/** The first element of a list member, made where it is missing. */
function firstOf(input: Structure, member: string, start: Structure = {}): Structure {
  const list = (input[member] ??= [start]) as Structure[]
  return list[0]!
}

const runInstances: CommandChange = {
  remove: ['min-count', 'max-count'],
  add: {
    count: {
      help: 'Number of instances to launch: a number, or a range min:max.',
    },
    'secondary-private-ip-addresses': { words: '*', help: 'More private addresses for the network interface.' },
    'secondary-private-ip-address-count': { convert: 'int', help: 'How many more private addresses to assign.' },
    'associate-public-ip-address': { flag: true, into: 'associate-public-ip-address' },
    'no-associate-public-ip-address': { flag: false, into: 'no-associate-public-ip-address' },
  },
  check: (words) => {
    const scalar = [
      'secondary-private-ip-addresses',
      'secondary-private-ip-address-count',
      'associate-public-ip-address',
    ]
    const interfaces = words['network-interfaces'] as readonly string[] | undefined
    if (interfaces?.length && scalar.some((name) => words[name])) {
      throw refused('Mixing the --network-interfaces option with the simple, scalar options is not supported.')
    }
  },
  input: (input, given) => {
    if (given.count !== undefined) Object.assign(input, countRange(given.count as string))
    const set = (key: string, value: Value): void => {
      firstOf(input, 'NetworkInterfaces', { DeviceIndex: 0 })[key] = value
    }
    const addresses = given['secondary-private-ip-addresses'] as readonly string[] | undefined
    if (addresses?.length) {
      set(
        'PrivateIpAddresses',
        addresses.map((address) => ({ PrivateIpAddress: address, Primary: false })),
      )
    }
    const count = given['secondary-private-ip-address-count'] as number | undefined
    if (count) set('SecondaryPrivateIpAddressCount', count)
    if (given['associate-public-ip-address'] === true) set('AssociatePublicIpAddress', true)
    if (given['no-associate-public-ip-address'] === false) set('AssociatePublicIpAddress', false)
  },
  finish: (input) => {
    input.MaxCount ??= 1
    input.MinCount ??= 1
    moveIntoInterface(input)
  },
}

function countRange(count: Value): Structure {
  const [least = '', most = least, ...more] = String(count).split(':')
  const range = { MinCount: parseInteger(least), MaxCount: parseInteger(most) }
  if (range.MinCount !== undefined && range.MaxCount !== undefined && more.length === 0) return range
  throw refused('count parameter should be of form min[:max] (e.g. 1 or 1:10)')
}

/** Where an interface is described, what else concerns it may only stand in it. */
function moveIntoInterface(input: Structure): void {
  const [first] = (input.NetworkInterfaces as Structure[] | undefined) ?? []
  if (!isStructure(first)) return
  const marks = ['PrivateIpAddresses', 'SecondaryPrivateIpAddressCount', 'AssociatePublicIpAddress']
  if (!marks.some((mark) => mark in first)) return
  if (input.PrivateIpAddress !== undefined) {
    first.PrivateIpAddresses = [{ PrivateIpAddress: input.PrivateIpAddress, Primary: true }]
    delete input.PrivateIpAddress
  }
  const moves = {
    SubnetId: 'SubnetId',
    SecurityGroupIds: 'Groups',
    Ipv6AddressCount: 'Ipv6AddressCount',
    Ipv6Addresses: 'Ipv6Addresses',
    EnablePrimaryIpv6: 'PrimaryIpv6',
  }
  for (const [from, to] of Object.entries(moves)) {
    if (input[from] === undefined) continue
    first[to] = input[from]
    delete input[from]
  }
}

const securityGroupRule: CommandChange = {
  hide: [
    'ip-protocol',
    'from-port',
    'to-port',
    'cidr-ip',
    'source-security-group-name',
    'source-security-group-owner-id',
  ],
  add: {
    protocol: { help: 'The IP protocol: tcp, udp, icmp, all, or its number.' },
    port: { help: 'A port, or a range from-to; for ICMP type-code; -1 or all for every one.' },
    cidr: { help: 'The IPv4 address range, in CIDR format.' },
    'source-group': { help: 'The name or ID of the source security group.' },
    'group-owner': { help: 'The AWS account that owns the source security group.' },
  },
  check: (words) => {
    const permissions = words['ip-permissions'] as readonly string[] | undefined
    if (!permissions?.length) return
    for (const name of ['protocol', 'port', 'cidr', 'source-group', 'group-owner']) {
      if (!words[name]) continue
      throw refused(`The --${name.replace('-', '_')} option is not compatible with the --ip-permissions option`)
    }
  },
  input: (input, given) => {
    const set = (key: string, value: Value): void => {
      firstOf(input, 'IpPermissions')[key] = value
    }
    if (given.protocol) set('IpProtocol', protocolOf(given.protocol as string))
    if (given.port) {
      const [from, to] = portRange(given.port as string)
      set('FromPort', from)
      set('ToPort', to)
    }
    if (given.cidr) set('IpRanges', [{ CidrIp: given.cidr }])
    const pair = (key: string, value: Value): void => {
      firstOf(firstOf(input, 'IpPermissions'), 'UserIdGroupPairs')[key] = value
    }
    const group = given['source-group'] as string | undefined
    if (group) pair(group.startsWith('sg-') ? 'GroupId' : 'GroupName', group)
    if (given['group-owner']) pair('UserId', given['group-owner'])
  },
}

function protocolOf(text: string): string {
  const number = parseInteger(text)
  if (number !== undefined) {
    if ((number >= 0 && number <= 255) || number === -1) return text
    throw refused('protocol numbers must be in the range 0-255 or -1 to specify all protocols')
  } else if (['tcp', 'udp', 'icmp', 'all'].includes(text)) {
    return text === 'all' ? '-1' : text
  }
  throw refused('protocol parameter should be one of: tcp|udp|icmp|all or any valid protocol number.')
}

function portRange(text: string): [number | bigint, number | bigint] {
  if (text === '-1' || text === 'all') return [-1, -1]
  const dash = text.indexOf('-')
  const ends = dash < 0 ? [text, text] : [text.slice(0, dash), text.slice(dash + 1)]
  const [from, to] = ends.map(parseInteger)
  if (from !== undefined && to !== undefined) return [from, to]
  throw refused('port parameter should be of the form <from[-to]> (e.g. 22 or 22-25)')
}

const bundleMembers = {
  bucket: 'Bucket',
  prefix: 'Prefix',
  'owner-akid': 'AWSAccessKeyId',
  'owner-sak': 'ownerSecretKey',
  policy: 'UploadPolicy',
}

const bundleInstance: CommandChange = {
  optional: ['storage'],
  add: {
    bucket: { help: 'The bucket in which to store the AMI.' },
    prefix: { help: 'The prefix of the image components in Amazon S3.' },
    'owner-akid': { help: 'The access key ID of the owner of the bucket.' },
    'owner-sak': { help: 'The secret access key of the owner of the bucket; it signs the policy and is not sent.' },
    policy: { help: 'An Amazon S3 upload policy; one for 24 hours is made where none is given.' },
  },
  check: (words) => {
    if (!words.storage || !Object.keys(bundleMembers).some((name) => words[name])) return
    throw refused('Mixing the --storage option with the simple, scalar options is not recommended.')
  },
  input: (input, given) => {
    for (const [name, member] of Object.entries(bundleMembers)) {
      if (!given[name]) continue
      const storage = (input.Storage ??= { S3: {} }) as { S3: Structure }
      storage.S3[member] = given[name]
    }
  },
  finish: async (input, { clock }) => {
    const storage = (input.Storage as { S3?: Structure } | undefined)?.S3
    if (storage === undefined) throw new Failure('InvalidValue', "'Storage'")
    // What was given is in base64 already, which is what is signed.
    const policy = storage.UploadPolicy === undefined ? utf8(uploadPolicy(storage, clock())) : undefined
    const signed = policy === undefined ? (storage.UploadPolicy as string) : toBase64(policy)
    if (policy !== undefined) storage.UploadPolicy = policy
    if (storage.UploadPolicySignature === undefined && storage.ownerSecretKey !== undefined) {
      storage.UploadPolicySignature = await hmacSha1(storage.ownerSecretKey as string, signed)
      delete storage.ownerSecretKey
    }
  },
}

function uploadPolicy({ Bucket, Prefix }: Structure, now: Date): string {
  if (Bucket === undefined || Prefix === undefined)
    throw new Failure('InvalidValue', Bucket === undefined ? "'Bucket'" : "'Prefix'")
  const expires = new Date(now.getTime() + 24 * 3600_000).toISOString().replace('Z', '000Z')
  return (
    `{"expiration": "${expires}","conditions": [{"bucket": "${Bucket}"},{"acl": "ec2-bundle-read"},` +
    `["starts-with", "$key", "${Prefix}"]]}`
  )
}

async function hmacSha1(key: string, text: string): Promise<string> {
  const { createHmac } = await import('node:crypto')
  return createHmac('sha1', key).update(text).digest('base64')
}

const getPasswordData: CommandChange = {
  add: {
    'priv-launch-key': { help: 'The file with the private key of the launch: the password is decrypted with it.' },
  },
  input: async (_input, given, { env }) => {
    if (!given['priv-launch-key']) return
    const { statSync } = await import('node:fs')
    const path = expandPath(given['priv-launch-key'] as string, env)
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return
    throw new Failure(
      'InvalidValue',
      'priv-launch-key should be a path to the local SSH private key file used to launch the instance.',
    )
  },
  output: async (output, given, { env }) => {
    if (!given['priv-launch-key'] || !output.PasswordData) return output
    const path = expandPath(given['priv-launch-key'] as string, env)
    return { ...output, PasswordData: await decrypted(path, output.PasswordData as string) }
  },
}

async function decrypted(keyFile: string, base64: string): Promise<string> {
  const [{ readFileSync }, { constants, privateDecrypt }] = await Promise.all([
    import('node:fs'),
    import('node:crypto'),
  ])
  const failed = new Failure('InvalidValue', 'Unable to decrypt password data using provided private key file.')
  try {
    // The padding is taken off by hand: runtimes have given up doing it, for the sake of those who listen to their clocks.
    const key = { key: readFileSync(keyFile), padding: constants.RSA_NO_PADDING }
    const padded = privateDecrypt(key, Buffer.from(base64, 'base64'))
    const end = padded.indexOf(0, 2)
    if (padded[0] !== 0 || padded[1] !== 2 || end < 10) throw failed
    return padded.subarray(end + 1).toString('utf8')
  } catch {
    throw failed
  }
}

/** Entries of a network ACL take protocol numbers only. */
const protocolByName: CommandChange = {
  finish: (input) => {
    const numbers: Record<string, string> = { tcp: '6', udp: '17', icmp: '1', all: '-1' }
    if (typeof input.Protocol === 'string') input.Protocol = numbers[input.Protocol] ?? input.Protocol
  },
}

/** Accounts have so many of these that the service times out unless asked in portions. */
function inPortions(...harmless: string[]): CommandChange {
  const allowed = ['NextToken', 'DryRun', ...harmless]
  return { pageSize: (input) => (Object.keys(input).every((name) => allowed.includes(name)) ? 1000 : undefined) }
}

export const ec2: ServiceChanges = {
  pairsOfValue: true,
  commands: {
    'authorize-security-group-egress': securityGroupRule,
    'authorize-security-group-ingress': securityGroupRule,
    'bundle-instance': bundleInstance,
    'create-network-acl-entry': protocolByName,
    'describe-snapshots': inPortions('OwnerIds', 'RestorableByUserIds'),
    'describe-volumes': inPortions(),
    'get-password-data': getPasswordData,
    'replace-network-acl-entry': protocolByName,
    'revoke-security-group-egress': securityGroupRule,
    'revoke-security-group-ingress': securityGroupRule,
    'run-instances': runInstances,
  },
}
