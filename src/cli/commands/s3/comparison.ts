// By what rule is a pair of source and target found to differ?

import { existsSync } from 'node:fs'
import { Failure } from '../../../lib/errors.ts'
import { comparisonFor } from '../../../transfer/compare.ts'
import type { Comparison } from '../../../transfer/compare.ts'
import { contentDiffers } from '../../../transfer/content.ts'
import type { Entry } from '../../../transfer/entry.ts'
import { bucketAndKey, isDirectoryBucket, targetOf } from '../../../transfer/places.ts'
import type { Route } from '../../../transfer/places.ts'
import type { JobsAround } from './jobs.ts'

/** Undefined where everything is sent. A tree that is downloaded is compared, too, where names that differ by case count. */
export function comparisonOf(route: Route, around: JobsAround): Comparison | undefined {
  const {
    command,
    action,
    paths: { direction, tree },
    given,
  } = around
  const conflicts = String(given['case-conflict'] ?? 'ignore')
  const minds = direction === 's3local' && tree && conflicts !== 'ignore'
  const missing = minds ? caseGuard(conflicts, route, around) : () => true
  if (command === 'sync') {
    const rules = comparisonFor(action, {
      sizeOnly: given['size-only'] === true,
      exactTimestamps: given['exact-timestamps'] === true,
      noOverwrite: given['no-overwrite'] === true,
      delete: given.delete === true,
    })
    return { ...rules, both: given.checksum === true ? byContent(rules, around) : rules.both, missing }
  }
  if (!minds) return undefined
  if (isDirectoryBucket(bucketAndKey(route.from.path).bucket)) {
    warnOfDirectoryBucket(conflicts, around)
    return undefined
  }
  return { both: () => true, missing, surplus: () => false }
}

function byContent({ both }: Comparison, { source, target, head, given, hashes }: JobsAround): Comparison['both'] {
  if (given['no-overwrite'] === true) return both
  const storeOf = (side: 'source' | 'target'): JobsAround['source'] => (side === 'source' ? source : target)
  return contentDiffers({ cache: hashes!, storeOf, head, otherwise: both })
}

const caseGuide = 'https://docs.aws.amazon.com/cli/latest/topic/s3-case-insensitivity.html'

/** A bucket that lists in no order cannot be compared with. Throws Failure('ParamValidation'). */
function warnOfDirectoryBucket(conflicts: string, { tell }: JobsAround): void {
  if (conflicts !== 'warn') {
    throw new Failure(
      'ParamValidation',
      `\`${conflicts}\` is not a valid value for \`--case-conflict\` when operating on S3 Express directory buckets. ` +
        'Valid values: `warn`, `ignore`.',
    )
  }
  tell(
    'warning: Recursive copies/moves from an S3 Express directory bucket to a case-insensitive local filesystem may ' +
      'result in undefined behavior if there are S3 object key names that differ only by case. To disable this ' +
      `warning, set the \`--case-conflict\` parameter to \`ignore\`. For more information, see ${caseGuide}.`,
  )
}

/** On a file system that holds `a` and `A` for the same, one would overwrite the other. */
function caseGuard(conflicts: string, route: Route, { tell }: JobsAround): (entry: Entry) => boolean {
  const met = new Set<string>()
  return (entry) => {
    const folded = entry.name.toLowerCase()
    const target = targetOf(route, entry.name)
    const conflict = met.has(folded) || existsSync(target)
    met.add(folded)
    if (!conflict) return true
    const pair = `${entry.path} -> ${target}`
    if (conflicts === 'skip') {
      tell(
        `warning: Skipping ${pair} because a file whose name differs only by case either exists or is being downloaded.`,
      )
      return false
    }
    if (conflicts === 'warn') {
      tell(
        `warning: Downloading ${pair} despite a file whose name differs only by case either existing or being ` +
          'downloaded. This behavior is not defined on case-insensitive filesystems and may result in overwriting ' +
          `existing files or race conditions between concurrent downloads. For more information, see ${caseGuide}.`,
      )
      return true
    }
    throw new Failure(
      'InvalidValue',
      `Failed to download ${pair} because a file whose name differs only by case either exists or is being downloaded.`,
    )
  }
}
