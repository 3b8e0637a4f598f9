// What goes on after its caller was answered: HTTP deliveries and the like. A program that ends waits for it.

import type { Store } from './store/store.ts'
import type { World } from './world.ts'

const underway = new WeakMap<Store, Set<Promise<unknown>>>()

/** Goes on by itself; what goes wrong in it is trouble, not an answer. */
export function launch(work: Promise<unknown>, { store, trouble }: World): void {
  let launched = underway.get(store)
  if (!launched) underway.set(store, (launched = new Set()))
  const ending = work.catch(trouble).finally(() => launched.delete(ending))
  launched.add(ending)
}

export async function settled({ store }: World): Promise<void> {
  for (let left = underway.get(store); left?.size; left = underway.get(store)) await Promise.all(left)
}
