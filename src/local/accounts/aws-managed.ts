// Which policies does AWS itself keep? Those of aws-managed.bin, by ARN: every one, in its latest version as of August
// 2026 (scripts/managed-policies.ts).

import { fs } from '../../lib/files.ts'
import { hash } from '../../lib/hash.ts'
import { inflate } from '../../lib/inflate.ts'
import packed from './aws-managed.bin' with { type: 'file' }
import { arnOf, PolicyFile, type PolicyRow } from './aws-managed-file.ts'
import type { ManagedPolicy } from './records.ts'

/** Half a MiB and more, for a moment: what was found is remembered apart. */
let opened: WeakRef<PolicyFile> | undefined

function file(): PolicyFile {
  const known = opened?.deref()
  if (known) return known
  const read = new PolicyFile(fs().readFileSync(packed as string), inflate)
  opened = new WeakRef(read)
  return read
}

const known = new Map<string, ManagedPolicy>()

/** The policy, in the form of a customer's and not to be changed; undefined where AWS has none of that ARN. */
export function awsManagedPolicy(arn: string): ManagedPolicy | undefined {
  let policy = known.get(arn)
  if (policy) return policy
  const row = file().get(arn)
  if (row) known.set(arn, (policy = policyOf(row)))
  return policy
}

export function awsManagedPolicies(): ManagedPolicy[] {
  return file().all().map(policyOf)
}

function policyOf(row: PolicyRow): ManagedPolicy {
  const [path, name, version, created, updated, document] = row
  return {
    arn: arnOf(row),
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

/** Made from the name, so that it is the same in every account and on every day. */
function uniqueId(name: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  return 'ANPA' + Array.from(hash('sha256', name).subarray(0, 17), (byte) => alphabet[byte & 31]).join('')
}
