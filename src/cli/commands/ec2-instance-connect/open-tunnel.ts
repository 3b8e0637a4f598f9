// A tunnel to a port of an instance without a public address: for this command's own input and output, as ssh wants of
// a ProxyCommand, or for every connection to a port of this machine.

import { Failure } from '../../../lib/errors.ts'
import { settingsFor } from '../../clients.ts'
import { EXIT } from '../../exit-codes.ts'
import { untilInterrupted } from '../../interrupt.ts'
import { standardInput } from '../../standard-input.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { describeInstance, findEntrance } from './endpoints.ts'
import type { Entrance, Instance } from './endpoints.ts'
import type { Ends, Road } from './tunnel.ts'

export const openTunnel = command({
  name: 'ec2-instance-connect open-tunnel',
  help: 'Opens a websocket tunnel to the specified EC2 Instance or private ip.',
  arguments: {
    'instance-id': { help: 'Specify the id of the EC2 instance that a tunnel should be opened for.' },
    'instance-connect-endpoint-id': { help: 'Specify the EC2 Instance Connect Endpoint Id to open the tunnel with.' },
    'instance-connect-endpoint-dns-name': {
      help: 'Specify its DNS Name. If this is specified, you must specify instance-connect-endpoint-id.',
    },
    'private-ip-address': {
      help:
        'Specify the private ip address to open a tunnel for. If this is specified, you must specify ' +
        'instance-connect-endpoint-id.',
    },
    'remote-port': { type: 'integer', default: 22, help: 'Specify the port of the instance. This defaults to 22.' },
    'local-port': {
      type: 'integer',
      help: 'Specify the local port to listen on. Each new connection will have a separate websocket tunnel.',
    },
    'max-tunnel-duration': {
      type: 'integer',
      help: 'Specify the maximum time, in seconds, to keep a tunnel alive for. This defaults to 3600 seconds.',
    },
    'max-websocket-connections': {
      type: 'integer',
      default: 10,
      help: 'Specify the maximum amount of connections when local-port is specified. This value defaults to 10.',
    },
  },
  run: async (given, context) => {
    check(given, context)
    const { address, entrance } = await ends(given, context)
    const settings = await context.settings()
    const query = {
      instanceConnectEndpointId: entrance.id,
      remotePort: String(given['remote-port']),
      privateIpAddress: address,
      ...(given['max-tunnel-duration'] ? { maxTunnelDuration: String(given['max-tunnel-duration']) } : {}),
    }
    const [{ tunnelLink }, { tunnel }] = await Promise.all([import('../../../client/tokens.ts'), import('./tunnel.ts')])
    const road = await roadTo(entrance.dnsName, context)
    const dig = async (into: Ends, signal?: AbortSignal): Promise<void> =>
      // An address is good for a minute: each connection gets one of its own.
      tunnel(await tunnelLink(settings, { host: entrance.dnsName, query }), into, signal ? { ...road, signal } : road)
    const port = given['local-port'] as number | undefined
    if (!port) {
      await dig({ from: standardInput(context), to: (bytes) => context.outside.stdout.write(bytes) })
      return 0
    }
    const { listen } = await import('./listener.ts')
    await untilInterrupted((signal) =>
      listen({ port, most: given['max-websocket-connections'] as number, dig, signal, context }),
    )
    context.write('\n')
    return EXIT.interrupted
  },
})

/** @throws Failure('ParamValidation') */
function check(given: GivenWords, { outside }: Context): void {
  const refuse = (when: boolean, message: string): void => {
    if (when) throw new Failure('ParamValidation', message)
  }
  const endpoint = given['instance-connect-endpoint-id']
  const seconds = given['max-tunnel-duration'] as number | undefined
  refuse(!given['instance-id'] && !given['private-ip-address'], 'Specify an instance id or private ip.')
  refuse(
    !!given['instance-connect-endpoint-dns-name'] && !endpoint,
    'Specify an instance connect endpoint id when providing a DNS name.',
  )
  refuse(
    !!given['private-ip-address'] && !endpoint,
    'Specify an instance connect endpoint id when providing a private ip.',
  )
  refuse(
    seconds !== undefined && (seconds < 1 || seconds > 3600),
    'Invalid max connection timeout specified. Value must be greater than 1 and less than 3600.',
  )
  refuse(
    given['local-port'] === undefined && outside.stdin.terminal,
    'This command does not support interactive mode. You must use this command as a proxy or in listener mode. ',
  )
}

async function ends(given: GivenWords, context: Context): Promise<{ address: string; entrance: Entrance }> {
  const ec2 = settingsFor(await context.settings(), { endpointUrl: 'configured' })
  const told = given['private-ip-address'] as string | undefined
  const instance: Instance = told
    ? { PrivateIpAddress: told }
    : await describeInstance(ec2, given['instance-id'] as string)
  const address = instance.PrivateIpAddress || instance.Ipv6Address
  if (!address) throw new Failure('InvalidValue', 'The instance has no address to open a tunnel to.')
  const id = given['instance-connect-endpoint-id'] as string | undefined
  const dnsName = given['instance-connect-endpoint-dns-name'] as string | undefined
  const entrance = dnsName ? { id: id!, dnsName } : await findEntrance(ec2, { id: id || undefined, instance })
  return { address, entrance }
}

async function roadTo(host: string, context: Context): Promise<Road> {
  const { sending = {}, userAgent } = await context.settings()
  const [{ proxiesOf, proxyFor }, { roadOf }, { emptyBody }] = await Promise.all([
    import('../../../http/proxies.ts'),
    import('../../../http/send.ts'),
    import('../../../http/message.ts'),
  ])
  const request = { method: 'GET', scheme: 'https', host, path: '/', query: '', headers: {}, body: emptyBody } as const
  const proxy = proxyFor('https', host, sending.proxies ?? proxiesOf(sending.env ?? context.outside.env))
  return {
    userAgent,
    tls: roadOf(sending, request).trust,
    proxy: proxy && {
      url: `${proxy.secure ? 'https' : 'http'}://${proxy.host.includes(':') ? `[${proxy.host}]` : proxy.host}:${proxy.port}`,
      ...(proxy.authorization === undefined ? {} : { headers: { 'proxy-authorization': proxy.authorization } }),
    },
  }
}
