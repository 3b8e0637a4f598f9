// The terminal, files and web pages of a cluster's primary machine, by ssh.

import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { wait } from '../../../client/wait.ts'
import { runChild } from '../../child.ts'
import { named } from '../../error-operation.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { withBlock } from './configured.ts'

const target = {
  'cluster-id': { required: true, help: 'The cluster.' },
  'key-pair-file': {
    required: true,
    help: 'The private key to log in with. `aws configure set emr.key_pair_file <value>` sets it for a profile.',
  },
} as const
const options = { nargs: '+', help: 'Options for ssh, as -o takes them.' } as const

export const ssh = command({
  name: 'emr ssh',
  help: 'SSH into the primary machine of the cluster.',
  configuredIn: 'emr',
  arguments: { ...target, command: { help: 'What to run there.' }, 'ssh-options': options },
  run: (given, context) =>
    reach('ssh', given, context, (options, key, host) => {
      const command = given.command ? [given.command as string] : []
      return ['ssh', ...options, ...ALIVE, '-i', key, host, '-t', ...command]
    }),
})

export const socks = command({
  name: 'emr socks',
  help: 'Creates a socks tunnel on port 8157 from your machine to the primary machine of the cluster.',
  configuredIn: 'emr',
  arguments: { ...target, 'ssh-options': options },
  run: (given, context) =>
    reach('ssh', given, context, (options, key, host) => {
      return ['ssh', ...options, ...ALIVE, '-ND', '8157', '-i', key, host]
    }),
})

export const get = command({
  name: 'emr get',
  help: 'Gets a file from the primary machine of the cluster.',
  configuredIn: 'emr',
  arguments: {
    ...target,
    src: { required: true, help: 'The file there.' },
    dest: { help: 'The file here.' },
    'ssh-options': options,
  },
  run: (given, context) =>
    reach('scp', given, context, (options, key, host) => {
      const src = given.src as string
      return ['scp', '-r', ...options, '-i', key, `${host}:${src}`, (given.dest as string) || fileName(src)]
    }),
})

export const put = command({
  name: 'emr put',
  help: 'Puts a file onto the primary machine of the cluster.',
  configuredIn: 'emr',
  arguments: {
    ...target,
    src: { required: true, help: 'The file here.' },
    dest: { help: 'The file there.' },
    'ssh-options': options,
  },
  run: (given, context) =>
    reach('scp', given, context, (options, key, host) => {
      const src = given.src as string
      return ['scp', '-r', ...options, '-i', key, src, `${host}:${(given.dest as string) || fileName(src)}`]
    }),
})

const ALIVE = ['-o', 'ServerAliveInterval=10']

/** Hosts that are not known yet are let in, changed ones are not, where ssh is new enough to tell them apart. */
async function optionsOf(given: GivenWords, context: Context): Promise<string[]> {
  const own = (given['ssh-options'] ?? []) as string[]
  const isChosen = own.some((option) => option.toLowerCase().startsWith('stricthostkeychecking='))
  const hosts = isChosen ? [] : [`StrictHostKeyChecking=${(await takesNewHosts(context)) ? 'accept-new' : 'no'}`]
  return [...hosts, ...own].flatMap((option) => ['-o', option])
}

async function takesNewHosts({ outside, warn }: Context): Promise<boolean> {
  if (!isThere('ssh', outside.env.PATH)) return true
  const { spawnSync } = await import('node:child_process')
  const asked = ['-G', '-o', 'StrictHostKeyChecking=accept-new', 'localhost']
  if (spawnSync('ssh', asked, { env: outside.env, stdio: 'ignore' }).status === 0) return true
  warn(
    'WARNING: Your OpenSSH version does not support StrictHostKeyChecking=accept-new (requires OpenSSH 7.6+). ' +
      'Falling back to StrictHostKeyChecking=no. Upgrade to OpenSSH 7.6+ for improved security.',
  )
  return false
}

function fileName(path: string): string {
  return path.split('/').at(-1)!
}

async function reach(
  program: 'ssh' | 'scp',
  typed: GivenWords,
  context: Context,
  words: (options: readonly string[], key: string, host: string) => string[],
): Promise<number> {
  const given = await withBlock(typed, ['key-pair-file'], context)
  const host = `hadoop@${await addressOf(given['cluster-id'] as string, context)}`
  const { env } = context.outside
  if (!isThere(program, env.PATH)) {
    throw new Failure(
      'Configuration',
      `${program.toUpperCase()} not available. Please refer to the documentation at ` +
        'http://docs.aws.amazon.com/ElasticMapReduce/latest/DeveloperGuide/EMR_SetUp_SSH.html.',
    )
  }
  const line = words(await optionsOf(given, context), given['key-pair-file'] as string, host)
  context.write(`${line.join(' ')}\n`)
  return runChild(line, { env, ownsInterrupts: true })
}

/** The public name of the primary machine; waits for a cluster that starts. */
async function addressOf(id: string, context: Context): Promise<string> {
  const input = { ClusterId: id }
  const describe = async (): Promise<Structure> => {
    return ((await context.call('emr', 'DescribeCluster', input)).Cluster ?? {}) as Structure
  }
  const state = ((await describe()).Status as Structure | undefined)?.State as string
  if (['TERMINATED', 'TERMINATING', 'TERMINATED_WITH_ERRORS'].includes(state)) {
    throw new Failure('InvalidValue', 'Cluster terminating or already terminated.')
  }
  if (['STARTING', 'BOOTSTRAPPING'].includes(state)) context.write('Waiting for the cluster to start.\n')
  const service = await context.outside.models.service('emr')
  const settings = await context.settings()
  try {
    await named(service.operation('DescribeCluster'), () => wait(service, 'ClusterRunning', input, settings))
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'Waiter') throw error
    throw new Failure(
      'InvalidValue',
      'Cannot get DNS of master node on the cluster.  Please try again after some time.',
    )
  }
  const { MasterPublicDnsName } = await describe()
  if (MasterPublicDnsName !== undefined) return MasterPublicDnsName as string
  throw new Failure('InvalidValue', 'The cluster says no name of its primary machine.')
}

function isThere(program: string, path = ''): boolean {
  return path.split(delimiter).some((folder) => {
    const file = join(folder, process.platform === 'win32' ? `${program}.exe` : program)
    try {
      accessSync(file, constants.X_OK)
      return statSync(file).isFile()
    } catch {
      return false
    }
  })
}
