// What do set-ups made for LocalStack ask? /_localstack/…: whether all is up, and for a fresh start.
// https://docs.localstack.cloud/aws/capabilities/networking/internal-endpoints/
//
//   GET  /_localstack/health            {"services": {"s3": "running", "sqs": "available"}, "edition": …}
//   POST /_localstack/health            {"action": "restart"} resets, {"action": "kill"} ends the server
//   GET  /_localstack/init, init/ready  {"completed": {"READY": true, …}, "scripts": []}
//   GET  /_localstack/info
//   POST /_localstack/state/reset

import { text } from '../../lib/bytes.ts'
import type { HttpResponse } from '../../http/message.ts'
import { readWhole } from '../bodies.ts'
import { reset } from '../reset.ts'
import { isLoaded, type World } from '../world.ts'
import { json, nothingHere, type House, type Room } from './room.ts'

const stages = ['BOOT', 'START', 'READY', 'SHUTDOWN'] as const

export const localstack: Room = async (request, path, house) => {
  const { world } = house
  const method = request.method === 'HEAD' ? 'GET' : request.method
  switch (`${method} ${path}`) {
    case 'GET health':
      return spaced({ services: servicesOf(world), edition: 'virga', version: 'virga' })
    case 'POST health':
      return told(await readWhole(request), house)
    case 'GET init':
      return spaced({
        completed: Object.fromEntries(stages.map((stage) => [stage, isOver(stage)])),
        scripts: [],
      })
    case 'GET info':
      return spaced({
        version: 'virga',
        edition: 'virga',
        is_license_activated: false,
        session_id: String(process.pid),
        system: process.platform,
        is_docker: process.pid === 1,
        server_time_utc: new Date().toISOString().slice(0, 19),
        uptime: Math.floor((Date.now() - house.started.getTime()) / 1000),
      })
    case 'POST state/reset':
      await reset(world)
      return { status: 200, headers: {}, body: new Uint8Array(0) }
  }
  const stage = stages.find((each) => path === `init/${each.toLowerCase()}`)
  if (stage !== undefined && method === 'GET') return spaced({ stage, completed: isOver(stage), scripts: [] })
  return nothingHere(request)
}

function isOver(stage: (typeof stages)[number]): boolean {
  return stage !== 'SHUTDOWN'
}

/** `available` until it is first called, then `running`. */
function servicesOf(world: World): Record<string, string> {
  const names = Object.keys(world.services).toSorted()
  return Object.fromEntries(names.map((name) => [name, isLoaded(world, name) ? 'running' : 'available']))
}

async function told({ body }: { body: unknown }, { world, close }: House): Promise<HttpResponse> {
  const action = /"action"\s*:\s*"(\w+)"/.exec(text(body as Uint8Array))?.[1]
  if (action === 'restart') await reset(world)
  else if (action === 'kill') setTimeout(close, 10)
  else return json(400, { message: 'action must be restart or kill' })
  return spaced({ status: 'ok' })
}

/** As Python writes JSON: health checks of containers look for `"s3": "available"` by grep. */
function spaced(value: object): HttpResponse {
  const body = JSON.stringify(value).replace(/"(?:[^"\\]|\\.)*"|[:,]/g, (part) =>
    part.length === 1 ? `${part} ` : part,
  )
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(body),
  }
}
