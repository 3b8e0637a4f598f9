// A login on an instance: with a key that is made for it and good for a minute, straight to the instance or through an
// EC2 Instance Connect Endpoint.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import { runChild } from '../../child.ts'
import { callWith, settingsFor } from '../../clients.ts'
import { commandLine } from '../../self.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { describeInstance, findEntrance } from './endpoints.ts'
import type { Entrance, Instance } from './endpoints.ts'

interface TunnelOptions {
  readonly maxTunnelDuration?: number
  readonly endpointId?: string
  readonly dnsName?: string
}

export const ssh = command({
  name: 'ec2-instance-connect ssh',
  help: 'Connect to your EC2 instance using your OpenSSH client.',
  arguments: {
    'instance-id': { required: true, help: 'Specify the ID of the EC2 instance to connect to.' },
    'instance-ip': { help: 'Specify the IP address of the instance to connect to.' },
    'private-key-file': { help: 'Specify the path to the private key file for login.' },
    'os-user': { default: 'ec2-user', help: 'Specify the OS SSH user. (Default: ec2-user)' },
    'ssh-port': { type: 'integer', default: '22', help: 'Specify the SSH port. (Default: 22)' },
    'local-forwarding': {
      help: 'Specify the local forwarding specification as your OpenSSH client knows it: 3336:remote.host:3306',
    },
    'connection-type': {
      choices: ['auto', 'direct', 'eice'],
      default: 'auto',
      help:
        'direct: to the public IPv4, the IPv6 or the private IPv4 address, the first that there is. eice: through an ' +
        'EC2 Instance Connect Endpoint to the private IPv4 or the IPv6 address. auto: to the public IPv4 address directly, to the ' +
        'private one through an endpoint, or to the IPv6 address directly.',
    },
    'eice-options': {
      type: 'structure',
      help: 'Specify the options for your EC2 Instance Connect Endpoint.',
      schema: {
        type: 'object',
        properties: {
          maxTunnelDuration: { type: 'integer', description: 'Seconds that a tunnel may last, 3600 at most.' },
          endpointId: { type: 'string', description: 'The EC2 Instance Connect Endpoint to use.' },
          dnsName: { type: 'string', description: 'Its DNS name. If this is specified, endpointId must be too.' },
        },
      },
    },
  },
  run: async (given, context) => {
    check(given)
    const options = (given['eice-options'] ?? {}) as TunnelOptions
    const ec2 = await context.settings()
    const instance = await describeInstance(ec2, given['instance-id'] as string)
    const { address, tunnelled } = road(given, instance)
    let entrance: Partial<Entrance> = { id: options.endpointId, dnsName: options.dnsName }
    if (tunnelled && !options.dnsName) entrance = await findEntrance(ec2, { id: options.endpointId, instance })
    const words = (key: string): string[] => [
      '-o',
      'ServerAliveInterval=5',
      '-p',
      String(given['ssh-port']),
      '-i',
      key,
      ...(given['local-forwarding'] ? ['-L', given['local-forwarding'] as string] : []),
      ...(context.globals.debug ? ['-v'] : []),
      ...(tunnelled ? ['-o', `ProxyCommand=${proxyCommand(given, address, entrance, context)}`] : []),
      `${given['os-user'] as string}@${address}`,
    ]
    const own = given['private-key-file'] as string | undefined
    if (own) return login(words(own), context)
    return withKey(given, context, (key) => login(words(key), context))
  },
})

/** @throws Failure('ParamValidation') */
function check(given: GivenWords): void {
  const options = given['eice-options'] as TunnelOptions | undefined
  const { maxTunnelDuration: seconds, endpointId, dnsName } = options ?? {}
  const refuse = (when: boolean, message: string): void => {
    if (when) throw new Failure('ParamValidation', message)
  }
  refuse(
    given['instance-id'] !== '' && !/^i-[0-9a-zA-Z]+$/.test(given['instance-id'] as string),
    'The specified instance ID is invalid. Provide the full instance ID in the form i-xxxxxxxxxxxxxxxxx.',
  )
  refuse(
    given['connection-type'] === 'direct' && options !== undefined && Object.keys(options).length > 0,
    "eice-options can't be specified when connection type is direct.",
  )
  refuse(!!dnsName && !endpointId, 'When specifying dnsName, you must specify endpointId.')
  refuse(
    seconds !== undefined && (seconds < 1 || seconds > 3600),
    'Invalid value specified for maxTunnelDuration. Value must be greater than 1 and less than 3600.',
  )
  refuse(
    !!endpointId && !/^eice-[0-9a-zA-Z_]+$/.test(endpointId),
    'The specified endpointId is invalid. ' +
      'Provide the full EC2 Instance Connect Endpoint ID in the form eice-xxxxxxxxxxxxxxxxx.',
  )
  refuse(!!dnsName && !/^[0-9a-zA-Z.-]+$/.test(dnsName), 'The specified dnsName is invalid.')
  refuse(
    !!given['instance-ip'] && given['connection-type'] === 'auto',
    'When specifying instance-ip, you must specify connection-type.',
  )
}

function road(given: GivenWords, instance: Instance): { address: string; tunnelled: boolean } {
  const { PublicIpAddress: open, PrivateIpAddress: closed, Ipv6Address: six } = instance
  const { 'instance-ip': told, 'connection-type': type, 'eice-options': options } = given
  if (told) return { address: told as string, tunnelled: type === 'eice' }
  const tunnel = type === 'eice' || Object.keys(options ?? {}).length > 0
  const roads = [
    { address: open, tunnelled: false, goes: !tunnel },
    { address: six, tunnelled: false, goes: type === 'direct' },
    { address: closed, tunnelled: type !== 'direct', goes: true },
    { address: six, tunnelled: tunnel, goes: true },
  ]
  const first = roads.find(({ address, goes }) => goes && address)
  if (first !== undefined) return first as { address: string; tunnelled: boolean }
  throw new Failure('ParamValidation', 'Unable to find any IP address on the instance to connect to.')
}

/** What ssh runs to reach the instance: this program again. */
function proxyCommand(given: GivenWords, address: string, entrance: Partial<Entrance>, { globals }: Context): string {
  const { maxTunnelDuration } = (given['eice-options'] ?? {}) as TunnelOptions
  const options = {
    '--instance-id': given['instance-id'] as string,
    '--private-ip-address': address,
    '--remote-port': String(given['ssh-port']),
    '--region': globals.region,
    '--profile': globals.profile,
    '--instance-connect-endpoint-id': entrance.id,
    '--instance-connect-endpoint-dns-name': entrance.dnsName,
    '--max-tunnel-duration': maxTunnelDuration && String(maxTunnelDuration),
  }
  const words = Object.entries(options).flatMap(([name, value]) => (value ? [name, String(value)] : []))
  return commandLine('ec2-instance-connect', 'open-tunnel', ...words)
}

async function login(words: readonly string[], { outside: { env } }: Context): Promise<number> {
  try {
    return await runChild(['ssh', ...words], { env, ownsInterrupts: true })
  } catch (error) {
    if (!(error instanceof Failure) || error.detail.missing !== true) throw error
    throw new Failure(
      'Configuration',
      'SSH not available. Please refer to the documentation at ' +
        'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Connect-using-EC2-Instance-Connect-Endpoint.html.',
    )
  }
}

/** Makes a key, lets the instance know it for a minute, and forgets it when `work` is done. */
async function withKey(given: GivenWords, context: Context, work: (file: string) => Promise<number>): Promise<number> {
  const { newKeyPair } = await import('./ssh-key.ts')
  const { publicKey, privateKey } = await newKeyPair()
  const settings = settingsFor(await context.settings(), { endpointUrl: 'configured' })
  await callWith(settings, 'ec2-instance-connect', 'SendSSHPublicKey', {
    InstanceId: given['instance-id'],
    InstanceOSUser: given['os-user'],
    SSHPublicKey: publicKey,
  })
  const place = mkdtempSync(join(tmpdir(), 'virga-ssh-'))
  try {
    const file = join(place, 'private-key')
    writeFileSync(file, privateKey, { mode: 0o400 })
    return await work(file)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
