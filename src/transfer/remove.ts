// Takes away an object, or a file.

import { unlinkSync } from 'node:fs'
import type { Entry } from './entry.ts'
import { addressOf } from './places.ts'
import type { Store } from './store.ts'
import type { Transfers } from './transfer.ts'

export async function removeObject(path: string, store: Store, { extras, signal }: Transfers): Promise<void> {
  await store.delete(addressOf(path), extras.request, { signal })
}

export async function remove(entry: Entry, store: Store, transfers: Transfers): Promise<void> {
  if (entry.side === 'local') unlinkSync(entry.path)
  else await removeObject(entry.path, store, transfers)
}
