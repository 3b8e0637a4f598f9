// The program itself in scratch homes, for tests of `virga local …`.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const main = join(import.meta.dirname, '..', '..', 'main.ts')
const scratch = mkdtempSync(join(tmpdir(), 'virga-local-'))
const servers: Bun.Subprocess[] = []

/** For `afterAll`. */
export function tidyUp(): void {
  for (const server of servers.splice(0)) server.kill()
  rmSync(scratch, { recursive: true, force: true })
}

let homes = 0
export function freshHome(): string {
  const home = join(scratch, String(++homes))
  mkdirSync(home, { recursive: true })
  return home
}

function environment(home: string, extra: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env.PATH!, HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...extra }
}

export function virga(home: string, typed: string, extra: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, main, ...typed.split(' ')], {
    env: environment(home, extra),
    cwd: home,
  })
  return { code: exitCode, out: stdout.toString(), err: stderr.toString() }
}

/** Starts a server and waits for the file that says it is there. */
export async function start(home: string, more = ''): Promise<string> {
  return (await started(home, `--port 0${more}`)).address
}

export interface Started {
  readonly address: string
  readonly server: Bun.Subprocess<'ignore', 'pipe', 'pipe'>
}

export async function started(home: string, options: string): Promise<Started> {
  const ready = join(home, 'ready')
  rmSync(ready, { force: true })
  const typed = `local start --ready-file ${ready} ${options}`.trim()
  const server = Bun.spawn([process.execPath, main, ...typed.split(' ')], {
    env: environment(home),
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  servers.push(server)
  while (!existsSync(ready)) {
    if (server.exitCode !== null) throw new Error(await new Response(server.stderr).text())
    await Bun.sleep(10)
  }
  return { address: readFileSync(ready, 'utf8').trim(), server }
}
