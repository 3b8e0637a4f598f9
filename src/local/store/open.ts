// Which store is this account's? The folder's own, unless an address of a PostgreSQL is given, or the server that runs
// on this folder has one.

import { text } from '../../lib/bytes.ts'
import { readFile } from '../../lib/files.ts'
import type { Store } from './store.ts'

export interface StorePlace {
  readonly folder: string
  /** Which server runs on this folder, while one does. */
  readonly serverFile: string
  /** `postgres://…`, where the account is shared. */
  readonly store?: string
  /** For the password, where the address has none. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Many requests come at once: they are committed together. */
  readonly together?: boolean
}

/** Throws Failure('Local') for a store that cannot be used, Failure('Configuration') for a bad address. */
export async function openStore(place: StorePlace): Promise<Store> {
  const address = place.store ?? storeOfServer(place.serverFile)
  if (address === undefined)
    return (await import('./sqlite.ts')).sqliteStore(place.folder, { together: place.together })
  return (await import('./postgres.ts')).postgresStore(address, place.env, place.home)
}

function storeOfServer(file: string): string | undefined {
  try {
    return (JSON.parse(text(readFile(file))) as { store?: string }).store
  } catch {
    return undefined
  }
}
