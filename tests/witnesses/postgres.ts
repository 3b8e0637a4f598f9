// A PostgreSQL server of Debian's packages, on a port of its own, in a scratch folder. It refuses to run as root, so for
// root it runs as `nobody`.

import { chmodSync, chownSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { scratch } from './witnesses.ts'

export interface Postgres {
  /** postgres://virga:PASSWORD@127.0.0.1:PORT/postgres */
  readonly address: string
  readonly password: string
  readonly port: number
  readonly folder: string
  /** Runs `initdb`'s siblings: createdb, psql … Throws with what they said. */
  run(program: string, ...args: string[]): string
  start(): void
  /** `immediate`: as a crash. */
  stop(mode?: 'fast' | 'immediate'): void
  /** Ends it and removes its folder. */
  remove(): void
}

/** Where initdb and pg_ctl are; undefined where PostgreSQL is not installed. */
function programs(): string | undefined {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').sort() : []
  const folders = versions.toReversed().map((version) => `/usr/lib/postgresql/${version}/bin`)
  return folders.find((folder) => existsSync(join(folder, 'initdb')))
}

export const hasPostgres = programs() !== undefined

const nobody = 65534

export async function startPostgres(): Promise<Postgres> {
  const bin = programs()
  if (bin === undefined) throw new Error('PostgreSQL is not installed')
  const asRoot = process.getuid!() === 0
  const folder = scratch('postgres')
  const [data, log, password] = [join(folder, 'data'), join(folder, 'log'), crypto.randomUUID()]
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, `${password}\n`)
  if (asRoot) for (const path of [folder, passwordFile]) chownSync(path, nobody, nobody)
  chmodSync(folder, 0o755)
  const port = await freePort()
  const env = { PATH: process.env.PATH!, LC_ALL: 'C', PGPASSWORD: password }
  const run = (program: string, ...args: string[]): string => {
    const result = Bun.spawnSync([join(bin, program), ...args], {
      cwd: folder,
      env,
      stdin: 'ignore',
      stdout: program === 'pg_ctl' ? 'ignore' : 'pipe',
      ...(asRoot && { uid: nobody, gid: nobody }),
    })
    if (result.exitCode === 0) return result.stdout?.toString() ?? ''
    const logged = existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : ''
    throw new Error(`${program} ended with ${result.exitCode}: ${result.stderr}${logged}`)
  }
  run('initdb', '-D', data, '-U', 'virga', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8', '--no-sync')
  // Durable against a crash of the server, not of the machine: the tests have no time for the disk.
  const options = `-p ${port} -h 127.0.0.1 -k ${folder} -c fsync=off -c max_connections=60`
  const control = (...args: string[]): string => run('pg_ctl', '-D', data, '-w', '-s', ...args)
  const server: Postgres = {
    address: `postgres://virga:${password}@127.0.0.1:${port}/postgres`,
    password,
    port,
    folder,
    run,
    start: () => void control('-l', log, '-o', options, 'start'),
    stop: (mode = 'fast') => void control('-m', mode, 'stop'),
    remove() {
      try {
        control('-m', 'immediate', 'stop')
      } catch {
        // It was stopped already.
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
  server.start()
  return server
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((ready) => probe.listen(0, '127.0.0.1', ready))
  const { port } = probe.address() as AddressInfo
  await new Promise((closed) => probe.close(closed))
  return port
}
