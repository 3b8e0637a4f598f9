// Which services does the command line change? Each file is read only when its service is used.

import type { ServiceChanges } from './change.ts'

/** By the service's command. */
const changes: Readonly<Record<string, () => Promise<ServiceChanges>>> = {
  ec2: async () => (await import('./ec2.ts')).ec2,
}

export async function changesOf(service: string): Promise<ServiceChanges> {
  return Object.hasOwn(changes, service) ? changes[service]!() : {}
}
