// Which operations do these modules build? A handler is named as its operation, but for the first letter.

import type { Handler } from './service.ts'

/** The modules must export handlers and nothing else. */
export function handlersIn<S>(...modules: Readonly<Record<string, Handler<S>>>[]): Record<string, Handler<S>> {
  const all = modules.flatMap((handlers) => Object.entries(handlers))
  return Object.fromEntries(all.map(([name, handler]) => [name[0]!.toUpperCase() + name.slice(1), handler]))
}
