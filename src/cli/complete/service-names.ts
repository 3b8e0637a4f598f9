// Which names does the service itself know? One request, one second, and silence where anything goes wrong: a shell is
// waiting for the next key.

import type { Structure, Value } from '../../lib/value.ts'
import { parseGlobals } from '../globals.ts'
import type { Outside } from '../door.ts'
import { Session } from '../session.ts'
import type { Progress } from './line.ts'
import { resourceFor } from './resources.ts'
import { serviceOfCommand } from '../services.ts'

const PATIENCE = 1000

/** The names for an option's value; none where nobody can tell. */
export async function namesFromService(option: string, progress: Progress, outside: Outside): Promise<string[]> {
  const { place, given } = progress
  const [command = '', ...below] = place.path
  const resource = resourceFor(command, below.join(' '), option)
  const service = serviceOfCommand(command)
  if (resource === undefined || service === undefined) return []
  const answer = await asked(
    service,
    resource.lists,
    await inputFor(service, resource.lists, given, outside),
    given,
    outside,
  )
  if (answer === undefined) return []
  const { search } = await import('../../lib/jmespath/jmespath.ts')
  return strings(search(resource.names, answer))
}

/** `s3://` and what is in it: buckets, then keys up to the next slash. */
export async function s3Names(uri: string, { given }: Progress, outside: Outside): Promise<string[]> {
  const [, bucket = '', slash, prefix = ''] = /^s3:\/\/([^/]*)(\/?)(.*)$/s.exec(uri) ?? []
  const { search } = await import('../../lib/jmespath/jmespath.ts')
  if (slash !== '/') {
    const answer = await asked('s3', 'ListBuckets', {}, given, outside)
    return answer === undefined ? [] : strings(search('Buckets[].Name', answer)).map((name) => `s3://${name}/`)
  }
  const input = { Bucket: bucket, Prefix: prefix, Delimiter: '/', MaxKeys: 1000 }
  const answer = await asked('s3', 'ListObjectsV2', input, given, outside)
  if (answer === undefined) return []
  const found = [...strings(search('CommonPrefixes[].Prefix', answer)), ...strings(search('Contents[].Key', answer))]
  return found.map((key) => `s3://${bucket}/${key}`)
}

/** Options that were given already narrow the list: `ecs list-tasks --cluster c`. */
async function inputFor(
  service: string,
  name: string,
  given: Progress['given'],
  { models }: Outside,
): Promise<Structure> {
  const operation = await models.operation(service, name)
  const { kebabCase } = await import('../../lib/names.ts')
  const input: Structure = service === 'ec2' && ['DescribeImages', 'DescribeSnapshots'].includes(name) ? OWN[name]! : {}
  for (const member of operation.input?.shape.members ?? []) {
    const value = given.get(`--${kebabCase(member.name)}`)?.[0]
    if (value !== undefined && member.shape.type === 'string') input[member.name] = value
  }
  return input
}

/** Without these, AWS lists everybody's. */
const OWN: Readonly<Record<string, Structure>> = {
  DescribeImages: { Owners: ['self'] },
  DescribeSnapshots: { OwnerIds: ['self'] },
}

async function asked(
  service: string,
  operation: string,
  input: Structure,
  given: Progress['given'],
  outside: Outside,
): Promise<Structure | undefined> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE, undefined).unref?.())
  const silent: Outside = { ...outside, stderr: { ...outside.stderr, write: () => {} } }
  const session = new Session(silent, globalsOf(given), undefined)
  const answer = session.call(service, operation, input).catch(() => undefined)
  return Promise.race([answer, late])
}

const PASSED_ON = ['--profile', '--region', '--endpoint-url', '--ca-bundle']

/** The global options that decide whom to ask. */
function globalsOf(given: Progress['given']): ReturnType<typeof parseGlobals>['globals'] {
  const words = PASSED_ON.flatMap((name) => {
    const value = given.get(name)?.[0]
    return value === undefined ? [] : [name, value]
  })
  const flags = ['--no-sign-request', '--no-verify-ssl'].filter((name) => given.has(name))
  return parseGlobals([...words, ...flags, 'any']).globals
}

function strings(value: Value): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
