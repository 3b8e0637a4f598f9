// A PostgreSQL server, installed or of Debian's packages, on a port of its own, in a scratch folder. It refuses to run as root, so for
// root it runs as `nobody`.

import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { scratch, type Witness } from './witnesses.ts'

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

interface Programs {
  readonly bin: string
  /** Where libpq is, if not where the system looks. */
  readonly libraries?: string
}

/** Of the newest version that is installed. */
function installed(root = ''): Programs | undefined {
  const versions = join(root, '/usr/lib/postgresql')
  const folders = existsSync(versions) ? readdirSync(versions).sort().reverse() : []
  const bins = folders.map((version) => join(versions, version, 'bin'))
  const bin = bins.find((folder) => existsSync(join(folder, 'initdb')))
  if (bin === undefined) return undefined
  return root === '' ? { bin } : { bin, libraries: join(root, '/usr/lib', `${machine()}-linux-gnu`) }
}

const machine = (): string => (process.arch === 'arm64' ? 'aarch64' : 'x86_64')

/** The installed one; else Debian's packages, unpacked where `nobody` may run them. */
function programs(): Witness<Programs> {
  const there = installed()
  if (there) return { found: there }
  const root = join(tmpdir(), `virga-postgres-${process.getuid!()}`)
  const cached = installed(root)
  if (cached) return { found: cached }
  const told = (command: string[], cwd = '/'): string | undefined => {
    try {
      const { exitCode, stdout } = Bun.spawnSync(command, { cwd, stdout: 'pipe', stderr: 'ignore', timeout: 120_000 })
      return exitCode === 0 ? stdout.toString() : undefined
    } catch {
      return undefined
    }
  }
  const newest = /Depends: (postgresql-\d+)/.exec(told(['apt-cache', 'depends', 'postgresql']) ?? '')?.[1]
  if (newest === undefined) return { missing: 'PostgreSQL is not installed, and there is no apt to fetch it with' }
  const unfinished = mkdtempSync(`${root}-`)
  chmodSync(unfinished, 0o755)
  const packages = [newest, newest.replace('postgresql', 'postgresql-client'), 'libpq5']
  if (told(['apt-get', 'download', ...packages], unfinished) === undefined)
    return { missing: `apt-get download ${packages.join(' ')} failed` }
  for (const file of readdirSync(unfinished)) told(['dpkg', '-x', file, '.'], unfinished)
  rmSync(root, { recursive: true, force: true })
  renameSync(unfinished, root)
  const fetched = installed(root)
  return fetched ? { found: fetched } : { missing: 'what apt fetched has no initdb' }
}

export const postgres = programs()

const nobody = 65534

export async function startPostgres(): Promise<Postgres> {
  if ('missing' in postgres) throw new Error(postgres.missing)
  const { bin, libraries } = postgres.found
  const asRoot = process.getuid!() === 0
  const folder = scratch('postgres')
  const [data, log, password] = [join(folder, 'data'), join(folder, 'log'), crypto.randomUUID()]
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, `${password}\n`)
  if (asRoot) for (const path of [folder, passwordFile]) chownSync(path, nobody, nobody)
  chmodSync(folder, 0o755)
  const port = await freePort()
  const env = {
    PATH: process.env.PATH!,
    LC_ALL: 'C',
    PGPASSWORD: password,
    ...(libraries && { LD_LIBRARY_PATH: libraries }),
  }
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
