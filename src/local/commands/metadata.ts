// `virga local metadata start`: the metadata service of an instance of the local EC2 (`--instance i-…`), or of one that
// nobody launched (`--role NAME`), or the credentials of a container, for clients of every kind. On loopback; at the true
// addresses where they are asked for.

import { flushTrail } from '../trail/keep.ts'
import { readFileSync } from 'node:fs'
import { Failure } from '../../lib/errors.ts'
import type { HttpRequest, HttpResponse } from '../../http/message.ts'
import { Identities } from '../accounts/identities.ts'
import { readSeed } from '../accounts/seed.ts'
import { openWorld } from '../place.ts'
import { refusedGuest } from '../guests.ts'
import { containerCredentials, type Agent } from '../metadata/container.ts'
import { imds } from '../metadata/imds.ts'
import { launchedInstance } from '../metadata/launched.ts'
import { instanceOf } from '../metadata/instance.ts'
import { settleIn, type World } from '../world.ts'
import type { Command } from './command.ts'
import { running } from './server.ts'
import { bound, portOf, stopped, writeWhole } from './serving.ts'

/** As of https://github.com/aws/amazon-ec2-metadata-mock */
const defaultPort = '1338'

export const metadata: Command = async ({ given, on, words: [verb, ...rest] }, place, outside) => {
  if (verb !== 'start')
    throw new Failure('ParamValidation', 'virga local metadata takes: start --instance ID, or start --role NAME')
  if (rest.length > 0) throw new Failure('ParamValidation', `unknown word ${rest[0]}`)
  const { role, instance: launched } = given
  if ((role === undefined) === (launched === undefined))
    throw new Failure(
      'ParamValidation',
      'one of --instance (an instance of the local EC2) and --role (a role of the local account) is needed',
    )
  const distance = hopsOf(given['hops'] ?? '1')
  const agent = oneOf<Agent>('container', given['container'], ['ecs', 'eks'])
  const endpoint = oneOf('http-endpoint', given['http-endpoint'], ['enabled', 'disabled']) ?? 'enabled'
  const port = portOf(given['port'] ?? defaultPort)
  const userData = given['user-data'] === undefined ? undefined : contentsOf(given['user-data'])

  const note = await running(place)
  const trouble = (error: unknown): void =>
    outside.stderr.write(`virga local: ${(error as Error)?.message ?? String(error)}\n`)
  const world = await openWorld(place, outside.models, { seed: note && readSeed(note.seedFile), trouble })
  const account = given['account'] ?? world.seed.accounts[0]!.id
  const region = given['region'] ?? world.region
  const door =
    launched !== undefined
      ? { path: '/', token: '', handle: await launchedDoor(launched) }
      : agent
        ? containerCredentials({ ...(await roleOf(role!, account, world)), account, region, agent }, world)
        : { path: '/', token: '', handle: await instanceDoor() }
  const host = given['host'] ?? '127.0.0.1'
  const handler = async (request: HttpRequest): Promise<HttpResponse> =>
    refusedGuest(request, { origins: [], hosts: [host] }) ?? door.handle(request)
  const server = await bound(handler, { host, port }, trouble)
  const url = `${server.url}${door.path}`
  outside.stdout.write(
    agent && launched === undefined
      ? `export AWS_CONTAINER_CREDENTIALS_FULL_URI='${url}'\nexport AWS_CONTAINER_AUTHORIZATION_TOKEN='${door.token}'\n`
      : `export AWS_EC2_METADATA_SERVICE_ENDPOINT='${url}'\n`,
  )
  outside.stderr.write(
    launched === undefined
      ? `credentials of the role ${role} are served; Ctrl-C ends it\n`
      : `metadata of the instance ${launched} is served; Ctrl-C ends it\n`,
  )
  if (given['ready-file'] !== undefined) writeWhole(given['ready-file'], `${url}\n${door.token}\n`)

  await stopped()
  await server.close()
  await flushTrail(world)
  await world.store.close()
  return 0

  async function instanceDoor() {
    const profile = await profileOf(role!, account, world)
    const instance = instanceOf({
      ...profile,
      account,
      region,
      launched: world.clock().getTime(),
      ...(userData && { userData }),
    })
    const options = {
      tokens: on.has('imdsv1') ? 'optional' : 'required',
      enabled: endpoint === 'enabled',
      hops: 1,
    } as const
    return imds(async () => ({ instance, options }), world, distance)
  }

  /** As the instance is at each request; it must run when this begins. */
  async function launchedDoor(id: string) {
    const asked = () => launchedInstance(world, account, region, id)
    if (!(await asked())) throw new Failure('Local', `no instance ${id} runs in ${region} of the account ${account}`)
    return imds(asked, world, distance)
  }
}

function hopsOf(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text)
  throw new Failure('ParamValidation', `--hops must be a number from 1 to 99, not ${text}`)
}

function oneOf<T extends string>(name: string, value: string | undefined, values: readonly T[]): T | undefined {
  if (value === undefined || (values as readonly string[]).includes(value)) return value as T | undefined
  throw new Failure('ParamValidation', `--${name} must be one of ${values.join(', ')}, not ${value}`)
}

function contentsOf(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new Failure('ParamValidation', `--user-data ${file} cannot be read: ${(error as Error).message}`)
  }
}

async function roleOf(name: string, account: string, world: World): Promise<{ role: string; roleArn: string }> {
  return world.identities.transaction((rows) => {
    settleIn(rows, world)
    const identities = new Identities(rows, account)
    const role = identities.roles.get(name)
    if (!role)
      throw new Failure(
        'Local',
        `the account ${account} has no role ${name}; make it: virga iam create-role --profile local …`,
      )
    return { role: role.name, roleArn: identities.arn('role', role) }
  })
}

/** An instance gets its role by an instance profile. */
async function profileOf(name: string, account: string, world: World) {
  const { role } = await roleOf(name, account, world)
  return world.identities.transaction((rows) => {
    const identities = new Identities(rows, account)
    const profile = identities.profiles.all().find((each) => each.role === role)
    if (!profile)
      throw new Failure(
        'Local',
        `the role ${role} is in no instance profile; put it into one: virga iam add-role-to-instance-profile --profile local …`,
      )
    return { role, profile: { arn: identities.arn('instance-profile', profile), id: profile.id } }
  })
}
