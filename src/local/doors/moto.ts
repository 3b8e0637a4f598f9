// What do set-ups made for moto's server ask? /moto-api/…: for a fresh start between tests, and what there is.
// https://docs.getmoto.org/en/latest/docs/server_mode.html
//
//   POST /moto-api/reset       {"status": "ok"}
//   POST /moto-api/reset-auth  {"status": "ok"}; permissions are always checked here
//   GET  /moto-api/data.json   {"s3": {"Bucket": […]}, …}: what the plain list operations tell, by service and kind

import type { Structure } from '../../lib/value.ts'
import type { HttpRequest } from '../../http/message.ts'
import { rootCaller } from '../accounts/callers.ts'
import { begin, handle } from '../job.ts'
import { quotasOf } from '../quotas/applied.ts'
import { atItsTime, settingsOf } from '../settings.ts'
import { reset } from '../reset.ts'
import { definitionOf, type World } from '../world.ts'
import { json, nothingHere, type Room } from './room.ts'

export const moto: Room = async (request, path, { world }) => {
  switch (`${request.method} ${path}`) {
    case 'POST reset':
      await reset(world)
      return json(200, { status: 'ok' })
    case 'POST reset-auth':
      return json(200, { status: 'ok' })
    case 'GET data.json':
      return json(200, await inventory(request, world))
    case 'POST seed':
      return json(501, { message: 'Identifiers are random here; faults have seeds: virga local faults' })
    default:
      return nothingHere(request)
  }
}

/** What is listed as which kind of thing. */
const lists: readonly (readonly [service: string, operation: string, member: string, kind: string])[] = [
  ['cloudwatch', 'DescribeAlarms', 'MetricAlarms', 'Alarm'],
  ['dynamodb', 'ListTables', 'TableNames', 'Table'],
  ['ec2', 'DescribeInstances', 'Reservations', 'Reservation'],
  ['ec2', 'DescribeSecurityGroups', 'SecurityGroups', 'SecurityGroup'],
  ['ec2', 'DescribeVpcs', 'Vpcs', 'VPC'],
  ['iam', 'ListUsers', 'Users', 'User'],
  ['iam', 'ListGroups', 'Groups', 'Group'],
  ['iam', 'ListRoles', 'Roles', 'Role'],
  ['s3', 'ListBuckets', 'Buckets', 'FakeBucket'],
  ['sns', 'ListTopics', 'Topics', 'Topic'],
  ['sqs', 'ListQueues', 'QueueUrls', 'Queue'],
]

async function inventory(request: HttpRequest, everyday: World): Promise<Record<string, Record<string, unknown>>> {
  const world = atItsTime(everyday, await settingsOf(everyday))
  const found: Record<string, Record<string, unknown>> = {}
  for (const [service, operation, member, kind] of lists) {
    const definition = await definitionOf(world, service)
    if (!definition || !(operation in { ...definition.operations, ...definition.slow })) continue
    const told = await asked(service, operation, request, world)
    ;(found[service] ??= {})[kind] = told[member] ?? []
  }
  return found
}

/** What an operation tells the account's root. */
async function asked(service: string, name: string, request: HttpRequest, world: World): Promise<Structure> {
  const [operation, definition, settings] = await Promise.all([
    world.models.operation(service, name),
    definitionOf(world, service),
    settingsOf(world),
  ])
  const account = world.lent?.account ?? world.seed.accounts[0]!.id
  const caller = rootCaller(account, '')
  const quotas = await quotasOf(world, account, settings.quotas)
  const requestId = crypto.randomUUID()
  const from = { sourceIp: '127.0.0.1', userAgent: undefined, decisions: [], region: world.region }
  const story = { began: performance.now(), requestId, settings, caller, quotas, ...from }
  const target = { service: operation.service, operation, asked: name, protocol: operation.service.protocol }
  const proof = { caller, secret: '', region: world.region }
  const job = begin(request, { target, definition, proof, requestId, answer: { headers: {} }, story }, world)
  return handle(job, {})
}
