// Which policies does AWS itself keep? Those of `aws-managed-documents.ts`, by ARN.

import { hash } from '../../lib/hash.ts'
import { documents } from './aws-managed-documents.ts'
import type { ManagedPolicy } from './records.ts'

const prefix = 'arn:aws:iam::aws:policy'
let rows: Map<string, (typeof documents)[number]> | undefined

/** The policy, in the form of a customer's; undefined where AWS (or this program) has none of that ARN. */
export function awsManagedPolicy(arn: string): ManagedPolicy | undefined {
  rows ??= new Map(documents.map((row) => [`${prefix}${row[0]}${row[1]}`, row]))
  const row = rows.get(arn)
  if (!row) return undefined
  const [path, name, version, created, updated, document] = row
  return {
    arn,
    name,
    path,
    id: uniqueId(name),
    created: Date.parse(created),
    updated: Date.parse(updated),
    tags: [],
    default: version,
    next: Number(version.slice(1)) + 1,
    versions: [{ id: version, document, created: Date.parse(updated) }],
  }
}

export function awsManagedArns(): readonly string[] {
  return documents.map((row) => `${prefix}${row[0]}${row[1]}`)
}

/** Made from the name, so that it is the same in every account and on every day. */
function uniqueId(name: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  return 'ANPA' + Array.from(hash('sha256', name).subarray(0, 17), (byte) => alphabet[byte & 31]).join('')
}
