// What was made of a namespace's rows, remembered until anything in it changes: settings, callers, their policies. They
// are asked for with every request and change seldom.
//
// What is handed out is shared: nobody may change it.

import type { Namespace, Rows } from './store/store.ts'

interface Remembered {
  version: number
  values: Map<string, unknown>
}

const all = new WeakMap<object, Remembered>()
const most = 10_000

/**
 * What `make` makes of the rows, by a name that says all it depends on beside them; or by an object, as long as it
 * lives, and a name.
 */
export function known<T>(
  space: Namespace,
  name: string,
  make: (rows: Rows) => T,
  about: object = space,
): T | Promise<T> {
  const version = space.version?.()
  if (version === undefined) return space.transaction(make)
  let remembered = all.get(about)
  if (remembered === undefined) all.set(about, (remembered = { version, values: new Map() }))
  const { values } = remembered
  if (remembered.version !== version || values.size > most) {
    values.clear()
    remembered.version = version
  }
  const found = values.get(name)
  if (found !== undefined) return found as T
  const made = space.transaction(make)
  // Where `make` has itself changed rows there is another version now: next time it is made once more.
  values.set(name, made)
  if (made instanceof Promise) made.catch(() => values.delete(name))
  return made
}
