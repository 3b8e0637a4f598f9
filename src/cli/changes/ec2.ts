import type { ServiceChanges } from './change.ts'

export const ec2: ServiceChanges = { pairsOfValue: true }
