// Whatever is asked of an operation that is built, by the model's shapes: an answer, or an error of EC2's, never a fault.

import { expect, test } from 'bun:test'
import type { Shape } from '../../../model/model.ts'
import { AwsError } from '../../../lib/errors.ts'
import { bench, models, type Bench } from '../../account.fixture.ts'
import { ec2 } from './service.ts'

const model = await models.service('ec2')
const built = [...Object.keys(ec2.operations), ...Object.keys(ec2.slow ?? {})].filter(
  (name) => name !== 'CreateKeyPair',
)

/** Numbers that come again with the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

const words = [
  '',
  'x',
  '*',
  '10.0.0.0/24',
  '10.0.1.9',
  '::/64',
  'all',
  'default',
  'true',
  '2',
  '$Latest',
  '\u{1F327}',
  'us-east-1a',
  't3.micro',
  'tcp',
  '-1',
]

function generate(shape: Shape, pick: (below: number) => number, ids: readonly string[], depth = 0): unknown {
  switch (shape.type) {
    case 'structure':
      return Object.fromEntries(
        shape.members
          .filter((each) => each.name !== 'DryRun' && (each.required || (depth < 4 && pick(3) > 0)))
          .map((each) => [each.name, generate(each.shape, pick, ids, depth + 1)]),
      )
    case 'list':
      return depth > 4 ? [] : Array.from({ length: pick(3) }, () => generate(shape.member!.shape, pick, ids, depth + 1))
    case 'boolean':
      return pick(2) === 0
    case 'timestamp':
      return new Date(Date.UTC(2020 + pick(20), 0))
    case 'blob':
      return new Uint8Array([pick(256), pick(256)])
    case 'string': {
      const { enum: values } = shape.traits
      if (values && pick(4) > 0) return values[pick(values.length)]
      return pick(2) === 0 ? ids[pick(ids.length)] : words[pick(words.length)]
    }
    default:
      return [0, 1, 2, 5, 80, -1, 1000, 70_000][pick(8)]
  }
}

/** A world with a thing of most kinds in it, and their ids. */
async function peopled(b: Bench): Promise<string[]> {
  const seen = new Set<string>()
  const call = async (operation: string, input: object = {}) => {
    const answer = await b.call('ec2', operation, input)
    for (const [id] of JSON.stringify(answer).matchAll(/\b[a-z]+(-[a-z]+)*-0[0-9a-f]{16}\b/g)) seen.add(id)
    return answer
  }
  const { Subnets } = await call('DescribeSubnets')
  const { SubnetId, VpcId } = Subnets[0]
  for (const name of ['Vpcs', 'SecurityGroups', 'RouteTables', 'NetworkAcls', 'InternetGateways', 'DhcpOptions'])
    await call(`Describe${name}`)
  const launch = { ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }
  const { Instances } = await call('RunInstances', launch)
  await call('DescribeVolumes')
  await call('CreateImage', { InstanceId: Instances[0].InstanceId, Name: 'mine' })
  await call('CreateNetworkInterface', { SubnetId })
  const { AllocationId } = await call('AllocateAddress')
  await call('CreateNatGateway', { SubnetId, AllocationId })
  await call('CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.us-east-1.s3' })
  await call('CreateLaunchTemplate', { LaunchTemplateName: 'web', LaunchTemplateData: { ImageId: 'ami-12345678' } })
  await call('CreateManagedPrefixList', { PrefixListName: 'p', MaxEntries: 5, AddressFamily: 'IPv4' })
  await call('CreateVpnGateway', { Type: 'ipsec.1' })
  return [...seen]
}

test(`${built.length} operations, 12 inputs each`, async () => {
  const b = bench()
  const ids = await peopled(b)
  expect(ids.length).toBeGreaterThan(25)
  const faults: string[] = []
  for (const [at, name] of built.entries())
    for (let turn = 0; turn < 12; turn++) {
      const input = generate(model.operation(name).input!.shape, random(at * 1000 + turn + 1), ids)
      const error = await b.call('ec2', name, input as object).then(
        () => undefined,
        (refused: unknown) => refused,
      )
      if (error === undefined || (error instanceof AwsError && (error.status < 500 || error.code === 'NotImplemented')))
        continue
      faults.push(`${name} ${JSON.stringify(input).slice(0, 300)}: ${(error as Error).stack?.slice(0, 400)}`)
    }
  expect(faults).toEqual([])
}, 120_000)
