// The keychain of the operating system: where secrets rest that should not lie in files.

import { Failure } from '../lib/errors.ts'

export interface Keychain {
  get(name: string): Promise<string | undefined>
  set(name: string, value: string): Promise<void>
  delete(name: string): Promise<void>
}

const service = 'virga'

/** Everything it does throws Failure('Configuration') where this machine has no keychain, or it is locked. */
export function keychainOf({ keychain }: { readonly keychain?: Keychain }): Keychain {
  return keychain ?? ofSystem
}

const ofSystem: Keychain = {
  get: (name) => opened(async ({ secrets }) => (await secrets.get({ service, name })) ?? undefined),
  set: (name, value) => opened(({ secrets }) => secrets.set({ service, name, value })),
  delete: (name) => opened(async ({ secrets }) => void (await secrets.delete({ service, name }))),
}

async function opened<T>(work: (bun: typeof Bun) => Promise<T>): Promise<T> {
  try {
    return await work(Bun)
  } catch (error) {
    const reason = (error as Error).message
    throw new Failure('Configuration', `The keychain of this machine cannot be used: ${reason}`, {}, error)
  }
}
