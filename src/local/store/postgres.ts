// The store that is shared: a PostgreSQL database, for several servers on several machines at once.
//
// A transaction's body runs on rows fetched before and is then settled in the database in one call, which compares what
// the body was told with what is there (postgres-rows.ts, postgres-transactions.ts, postgres-schema.ts). What is
// acknowledged is as safe as the database keeps it; a connection that is lost fails the requests under way, and the next
// ones make a new one.

import { parseAddress } from './postgres-address.ts'
import { PostgresBlobs } from './postgres-blobs.ts'
import { Database } from './postgres-database.ts'
import { PostgresSnapshots } from './postgres-snapshots.ts'
import { Transactions } from './postgres-transactions.ts'
import type { Namespace, Store } from './store.ts'

/** Connects when it is first used. Throws Failure('Configuration') for a bad address. */
export function postgresStore(
  address: string,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
  now: () => number = Date.now,
): Store {
  const database = new Database(parseAddress(address, env, home))
  const blobs = new PostgresBlobs(database, now)
  const transactions = new Transactions(database, now, blobs.stored)
  const snapshots = new PostgresSnapshots(database, blobs, now)
  return {
    namespace: (name): Namespace => ({ transaction: (body) => transactions.run(name, body), blobs }),
    reset: () => snapshots.clear(),
    close: () => database.close(),
    snapshots,
  }
}
