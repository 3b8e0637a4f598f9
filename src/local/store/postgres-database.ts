// A few connections to PostgreSQL, made when they are needed and again when they were lost; and what its complaints
// mean to a user.

import { SQL, type ReservedSQL } from 'bun'
import { Failure } from '../../lib/errors.ts'
import { shownAddress, type PostgresAddress } from './postgres-address.ts'
import { isPrepared, schema } from './postgres-schema.ts'

/** An answer that takes longer never comes (milliseconds): a network that swallows packets tells nobody. */
const patience = 30_000
const tries = 5

/** Something that statements can be put to: the pool, or one connection in a transaction. */
export interface Session {
  /** Throws Failure('Local'). */
  query<T>(sql: string, ...values: unknown[]): Promise<T[]>
}

export class Database implements Session {
  readonly #sql: SQL
  readonly #shown: string
  #prepared: Promise<void> | undefined

  constructor(address: PostgresAddress) {
    const { host, port, database, user, password, path, sslmode, authority } = address
    this.#shown = shownAddress(address)
    const checked = {
      ca: authority,
      rejectUnauthorized: true,
      ...(sslmode === 'verify-ca' && { checkServerIdentity: () => undefined }),
    }
    const strict = sslmode === 'verify-full' || sslmode === 'verify-ca'
    this.#sql = new SQL({
      adapter: 'postgres',
      hostname: host,
      port,
      database,
      username: user,
      password,
      ...(path !== undefined && { path }),
      tls: path !== undefined ? 'disable' : authority && strict ? checked : sslmode,
      max: 8,
      connectionTimeout: 10,
      idleTimeout: 60,
      connection: { application_name: 'virga', default_transaction_isolation: 'read committed' },
    })
  }

  async query<T>(sql: string, ...values: unknown[]): Promise<T[]> {
    await this.#ready()
    return this.#told(this.#sql.unsafe(sql, values) as Promise<T[]>)
  }

  /** Runs `work` in a transaction on a connection of its own; what is a matter of luck is tried again. */
  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    await this.#ready()
    for (let attempt = 1; ; attempt++) {
      const connection = await this.#told(this.#sql.reserve())
      const session: Session = {
        query: (sql, ...values) => this.#told(connection.unsafe(sql, values) as Promise<never[]>),
      }
      try {
        await session.query('begin')
        const result = await work(session)
        await session.query('commit')
        return result
      } catch (error) {
        await (connection.unsafe('rollback') as Promise<unknown>).catch(() => {})
        if (!isLuck(error) || attempt === tries) throw error
      } finally {
        release(connection)
      }
    }
  }

  async close(): Promise<void> {
    await this.#sql.close({ timeout: 1 })
  }

  /** The tables are made by whoever comes first; where that failed, the next one tries. */
  #ready(): Promise<void> {
    return (this.#prepared ??= this.#prepare().catch((error: unknown) => {
      this.#prepared = undefined
      throw error
    }))
  }

  async #prepare(): Promise<void> {
    const connection = await this.#told(this.#sql.reserve())
    try {
      const [prepared] = await this.#told(connection.unsafe(isPrepared) as Promise<{ yes: boolean }[]>)
      if (prepared!.yes) return
      for (const statement of schema) await this.#told(connection.unsafe(statement) as Promise<unknown>)
    } catch (error) {
      await (connection.unsafe('rollback') as Promise<unknown>).catch(() => {})
      throw error
    } finally {
      release(connection)
    }
  }

  async #told<T>(answer: PromiseLike<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Silence()), patience)
    })
    try {
      return await Promise.race([answer, silence])
    } catch (error) {
      throw this.#asFailure(error)
    } finally {
      clearTimeout(timer)
    }
  }

  /** PostgreSQL's own words, never the driver's: those might tell how it connects. */
  #asFailure(error: unknown): unknown {
    if (error instanceof Failure) return error
    const { errno, code, severity, message } = error as {
      errno?: string
      code?: string
      severity?: string
      message: string
    }
    const what = `the local AWS's database ${this.#shown}`
    if (error instanceof Silence) return new Failure('Local', `${what} does not answer`)
    if (typeof code !== 'string') return error
    if (severity === undefined && errno === undefined)
      return new Failure('Local', `${what} cannot be reached (${code.replace(/^ERR_POSTGRES_/, '')})`)
    const failure = new Failure('Local', `${what} refuses: ${message}`)
    return isLuck({ errno }) ? Object.assign(failure, { errno }) : failure
  }
}

class Silence extends Error {}

/** Serialization failure, deadlock: the same may succeed the next time. */
export function isLuck(error: unknown): boolean {
  return ['40001', '40P01'].includes(String((error as { errno?: string }).errno))
}

function release(connection: ReservedSQL): void {
  try {
    connection.release()
  } catch {
    // It was lost; the pool makes another.
  }
}
