// Which PostgreSQL is meant? `postgres://USER@HOST:PORT/DATABASE?sslmode=…` as its own tools read it; the password comes
// from the address, PGPASSWORD or the password file, and is shown nowhere.
// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING

import { join } from 'node:path'
import { Failure } from '../../lib/errors.ts'
import { fs } from '../../lib/files.ts'

export type SslMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'

export interface PostgresAddress {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
  /** A socket file instead of host and port. */
  readonly path?: string
  readonly sslmode: SslMode
  /** PEM, of the authority that the server's certificate must come from. */
  readonly authority?: string
}

type Env = Readonly<Record<string, string | undefined>>

const modes: readonly SslMode[] = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full']
const known = ['sslmode', 'sslrootcert', 'host']

/** Throws Failure('Configuration') that does not repeat what may be secret. */
export function parseAddress(text: string, env: Env, home: string): PostgresAddress {
  const url = urlOf(text)
  for (const name of url.searchParams.keys())
    if (!known.includes(name)) throw bad(`it has an unknown parameter ${name} (known: ${known.join(', ')})`)
  const sslmode = url.searchParams.get('sslmode') ?? env['PGSSLMODE'] ?? 'prefer'
  if (!isMode(sslmode)) throw bad(`sslmode must be one of ${modes.join(', ')}, not ${sslmode}`)
  const user = decodeURIComponent(url.username) || env['PGUSER'] || env['USER'] || 'postgres'
  const folder = url.searchParams.get('host') ?? ''
  const place = {
    host: url.hostname.replace(/^\[|\]$/g, '') || env['PGHOST'] || '127.0.0.1',
    port: Number(url.port || env['PGPORT'] || 5432),
    database: decodeURIComponent(url.pathname.slice(1)) || env['PGDATABASE'] || user,
    user,
  }
  const certificate = url.searchParams.get('sslrootcert') ?? env['PGSSLROOTCERT']
  return {
    ...place,
    password: decodeURIComponent(url.password) || env['PGPASSWORD'] || passwordIn(env, home, place) || '',
    ...(folder.startsWith('/') && { path: `${folder}/.s.PGSQL.${place.port}` }),
    sslmode,
    ...(certificate && { authority: certificateIn(certificate) }),
  }
}

function bad(what: string): Failure {
  return new Failure('Configuration', `the store's address: ${what}`)
}

/** Not repeated in the complaint: there may be a password in it. */
function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) throw bad('it must look like postgres://USER@HOST:5432/DATABASE')
  return url
}

function isMode(text: string): text is SslMode {
  return (modes as readonly string[]).includes(text)
}

function certificateIn(file: string): string {
  try {
    return fs().readFileSync(file, 'utf8')
  } catch (error) {
    throw new Failure('Configuration', `cannot read the certificate ${file}: ${(error as Error).message}`)
  }
}

/** As PostgreSQL does, a file that others may read is passed over. */
function passwordIn(env: Env, home: string, place: Omit<PostgresAddress, 'password' | 'sslmode'>): string | undefined {
  const file = env['PGPASSFILE'] ?? join(home, '.pgpass')
  let text: string
  try {
    if ((fs().statSync(file).mode & 0o077) !== 0) return undefined
    text = fs().readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const wanted = [place.host, String(place.port), place.database, place.user]
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue
    const fields = line.split(/(?<!\\):/).map((field) => field.replace(/\\(.)/g, '$1'))
    if (fields.length === 5 && wanted.every((value, i) => fields[i] === '*' || fields[i] === value)) return fields[4]
  }
  return undefined
}

/** For people: without the password. */
export function shownAddress({ host, port, database, user, path }: PostgresAddress): string {
  return `postgres://${user}@${path ?? `${host}:${port}`}/${database}`
}

/** For files that others of this user's processes read: as it was given, but for the password. */
export function withoutPassword(address: string): string {
  const url = urlOf(address)
  url.password = ''
  return url.href
}
