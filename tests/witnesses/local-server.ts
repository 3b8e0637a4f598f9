// `virga local start` in a folder of its own, for foreign clients to talk to.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { scratch } from './witnesses.ts'

export interface LocalServer {
  /** AWS_ENDPOINT_URL and the administrator's keys, as `virga local env` prints them. */
  readonly env: Record<'AWS_ENDPOINT_URL' | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_REGION', string>
  readonly url: string
  /** Its HOME. */
  readonly folder: string
  stop(): Promise<void>
}

/** `more`: variables of its environment. `command`: the built binary, or `bun src/main.ts`. */
export async function serve(
  command: string | readonly string[],
  options: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<LocalServer> {
  const folder = scratch('server')
  const program = typeof command === 'string' ? [command] : command
  const ready = join(folder, 'ready')
  const env = { PATH: process.env.PATH ?? '', HOME: folder, VIRGA_HOME: join(folder, '.virga'), ...more }
  const child = Bun.spawn([...program, 'local', 'start', '--port', '0', '--ready-file', ready, ...options], {
    env,
    stdout: 'pipe',
    stderr: 'inherit',
    stdin: 'ignore',
  })
  const deadline = Date.now() + 20_000
  while (!(await Bun.file(ready).exists())) {
    if (child.exitCode !== null) throw new Error(`virga local start ended with ${child.exitCode}`)
    if (Date.now() > deadline) throw new Error('virga local start is not ready after 20 s')
    await Bun.sleep(5)
  }
  const printed = Bun.spawnSync([...program, 'local', 'env'], { env }).stdout.toString()
  const values = Object.fromEntries(
    [...printed.matchAll(/^export (\w+)=['"]?([^'"\n]*)['"]?$/gm)].map(([, name, value]) => [name, value]),
  ) as LocalServer['env']
  if (!values.AWS_ENDPOINT_URL) throw new Error(`virga local env printed no address:\n${printed}`)
  return {
    env: values,
    url: values.AWS_ENDPOINT_URL,
    folder,
    async stop() {
      child.kill()
      await child.exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
