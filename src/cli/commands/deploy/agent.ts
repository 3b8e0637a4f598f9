// CodeDeploy's agent on a machine outside AWS: installed with its configuration, and taken off again. On Ubuntu and Red
// Hat Enterprise Linux.

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import { repr } from '../../../lib/python.ts'
import type { Value } from '../../../lib/value.ts'
import { emptyBody } from '../../../http/message.ts'
import type { Settings } from '../../../client/settings.ts'
import { runChild } from '../../child.ts'
import { callWith, settingsFor } from '../../clients.ts'
import { writeOutfile } from '../../outfile.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { bucketPlace, CONFIG_FILE, GUIDE, requireRegion, step, told } from './on-premises.ts'

const CONFIG_FOLDER = '/etc/codedeploy-agent/conf'

interface Linux {
  readonly prepare: readonly (readonly string[])[]
  readonly remove: readonly string[]
  /** What `service` says where the agent is not installed: no failure. */
  readonly unknown: string
}

const systems: Readonly<Record<string, Linux>> = {
  Ubuntu: {
    prepare: [
      ['apt-get', '-y', 'update'],
      ['apt-get', '-y', 'install', 'ruby2.0'],
    ],
    remove: ['dpkg', '-r', 'codedeploy-agent'],
    unknown: 'codedeploy-agent: unrecognized service',
  },
  'Red Hat Enterprise Linux Server': {
    prepare: [['yum', '-y', 'install', 'ruby']],
    remove: ['yum', '-y', 'erase', 'codedeploy-agent'],
    unknown: 'Redirecting to /bin/systemctl stop  codedeploy-agent.service',
  },
}

export const install = command({
  name: 'deploy install',
  help: 'Configures and installs the AWS CodeDeploy Agent on the on-premises instance.',
  arguments: {
    'config-file': { required: true, help: 'The path to the on-premises instance configuration file.' },
    'override-config': { flag: true, default: false, help: 'Overrides the on-premises instance configuration file.' },
    'agent-installer': { help: 'The AWS CodeDeploy Agent installer file: s3://bucket/key.' },
  },
  run: async (given, context) => {
    const settings = await context.settings()
    const region = requireRegion(settings.region)
    const system = await thisSystem(settings)
    const target = join(CONFIG_FOLDER, CONFIG_FILE)
    if (existsSync(target) && given['override-config'] !== true) {
      throw new Failure(
        'InvalidValue',
        'The on-premises instance configuration file already exists. Specify --override-config to update the existing ' +
          'on-premises instance configuration file.',
      )
    }
    const named = given['agent-installer'] as string | undefined
    const place = named
      ? bucketPlace(named, 'agent-installer')
      : { bucket: `aws-codedeploy-${region}`, key: 'latest/install' }
    return told(
      context,
      `Install the AWS CodeDeploy Agent on the on-premises instance by following the ${GUIDE}`,
      async () => {
        await step(context, 'Creating the on-premises instance configuration file... ', async () => {
          mkdirSync(CONFIG_FOLDER, { recursive: true })
          if (given['config-file'] !== target) copyFileSync(given['config-file'] as string, target)
        })
        await step(context, 'Installing the AWS CodeDeploy Agent... ', () =>
          installAgent(system, place, region, context),
        )
      },
    )
  },
})

export const uninstall = command({
  name: 'deploy uninstall',
  help: 'Uninstalls the AWS CodeDeploy Agent from the on-premises instance.',
  arguments: {},
  run: async (_, context) => {
    const settings = await context.settings()
    requireRegion(settings.region)
    const system = await thisSystem(settings)
    return told(
      context,
      `Uninstall the AWS CodeDeploy Agent on the on-premises instance by following the ${GUIDE}`,
      async () => {
        await step(context, 'Uninstalling the AWS CodeDeploy Agent... ', async () => {
          if (await stopped(system, context)) await succeed(system.remove, context)
        })
        await step(context, 'Deleting the on-premises instance configuration... ', async () => {
          rmSync(join(CONFIG_FOLDER, CONFIG_FILE), { force: true })
        })
      },
    )
  },
})

async function thisSystem(settings: Settings): Promise<Linux> {
  if (process.platform === 'win32') {
    throw new Failure(
      'NotImplemented',
      'Installing the agent on Windows is not built here. AWS CLI has it: aws deploy install',
    )
  }
  const system = Object.entries(systems).find(([name]) => distribution().includes(name))?.[1]
  if (system === undefined) {
    throw new Failure(
      'InvalidValue',
      'Only Ubuntu Server, Red Hat Enterprise Linux Server and Windows Server operating systems are supported.',
    )
  }
  if (await isInstance(settings)) throw new Failure('InvalidValue', 'Amazon EC2 instances are not supported.')
  if (process.geteuid?.() !== 0) throw new Failure('InvalidValue', 'You must run this command as sudo.')
  return system
}

function distribution(): string {
  try {
    return /^NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}

async function isInstance({ send }: Settings): Promise<boolean> {
  const request = {
    method: 'GET',
    scheme: 'http',
    host: '169.254.169.254',
    path: '/latest/meta-data/',
    query: '',
    headers: {},
    body: emptyBody,
  } as const
  try {
    const { status } = await send(request, { connectTimeout: 1000, readTimeout: 1000 })
    return status < 300
  } catch {
    return false
  }
}

async function installAgent(
  system: Linux,
  { bucket, key }: { bucket: string; key: string },
  region: string,
  context: Context,
): Promise<void> {
  for (const words of system.prepare) await succeed(words, context)
  await stopped(system, context)
  const settings = settingsFor(await context.settings(), { endpointUrl: 'configured' })
  const { Body } = await callWith(settings, 's3', 'GetObject', { Bucket: bucket, Key: key })
  const installer = key.slice(key.lastIndexOf('/') + 1)
  await writeOutfile(installer, Body as Value)
  await succeed(['chmod', '+x', `./${installer}`], context)
  const keys = await settings.credentials(await settings.models.operation('s3', 'GetObject'))
  await succeed([`./${installer}`, 'auto'], context, {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: keys?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys?.secretAccessKey,
    ...(keys?.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: keys.sessionToken }),
  })
}

/** False where there is none to stop. */
async function stopped({ unknown }: Linux, { outside: { env } }: Context): Promise<boolean> {
  const { spawnSync } = await import('node:child_process')
  const { status, stderr } = spawnSync('service', ['codedeploy-agent', 'stop'], {
    env: env as NodeJS.ProcessEnv,
    encoding: 'utf8',
  })
  if (status === 0) return true
  if (stderr?.includes(unknown)) return false
  throw new Failure('InvalidValue', `Failed to stop the AWS CodeDeploy Agent:\n${stderr ?? ''}`)
}

async function succeed(
  words: readonly string[],
  { outside }: Context,
  more: Readonly<Record<string, string | undefined>> = {},
): Promise<void> {
  const exit = await runChild(words, { env: { ...outside.env, ...more } })
  if (exit !== 0)
    throw new Failure('InvalidValue', `Command '${repr([...words])}' returned non-zero exit status ${exit}.`)
}
