// Backups of HBase on clusters of the time before releases: a step each.

import type { Structure } from '../../../lib/value.ts'
import { stepOf } from './steps.ts'

export function hbaseStep(name: string, args: readonly string[]): Structure {
  return stepOf({
    name,
    onFailure: 'CANCEL_AND_WAIT',
    jar: '/home/hadoop/lib/hbase.jar',
    args: ['emr.hbase.backup.Main', ...args],
  })
}

export function restoreStep(folder: string | undefined, version: string | undefined): Structure {
  const versioned = version === undefined ? [] : ['--backup-version', version]
  return hbaseStep('Restore HBase', ['--restore', '--backup-dir', folder as string, ...versioned])
}
