// moto's server, a foreign S3, on a port of its own.

import type { S3Server } from './both.ts'
import { python } from '../witnesses/witnesses.ts'
import type { Witness } from '../witnesses/witnesses.ts'

export interface Moto extends S3Server {
  stop(): void
}

export async function moto(): Promise<Witness<Moto>> {
  const found = python('moto.server')
  if ('missing' in found) return found
  const port = await freePort()
  const child = Bun.spawn([found.found, '-m', 'moto.server', '-p', String(port)], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  })
  const url = `http://127.0.0.1:${port}`
  for (const deadline = Date.now() + 30_000; ;) {
    if (
      await fetch(`${url}/moto-api/`).then(
        () => true,
        () => false,
      )
    )
      break
    if (child.exitCode !== null || Date.now() > deadline) return { missing: 'moto_server does not start' }
    await Bun.sleep(50)
  }
  return { found: { port, url, accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', stop: () => child.kill() } }
}

async function freePort(): Promise<number> {
  const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const { port } = server
  server.stop(true)
  return port
}
