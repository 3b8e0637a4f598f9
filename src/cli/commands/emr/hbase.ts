// Backups of HBase on clusters of AMI versions 2 and 3.

import { Failure } from '../../../lib/errors.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { hbaseStep, restoreStep } from './hbase-steps.ts'
import { callAndShow, requireAmi } from './running.ts'

const cluster = { 'cluster-id': { required: true, help: 'The cluster, which must have an AMI version.' } } as const
const dir = { required: true, help: 'The folder of the backup in Amazon S3.' } as const
const consistent = { flag: true, help: 'Nothing is written to HBase while the backup is made.' } as const

export const restoreFromBackup = command({
  name: 'emr restore-from-hbase-backup',
  help: 'Restores HBase from Amazon S3. Only for clusters of AMI versions.',
  arguments: { ...cluster, dir, 'backup-version': { help: 'Which backup; the newest by default.' } },
  run: (given, context) =>
    addStep('restore-from-hbase-backup', given, context, () =>
      restoreStep(given.dir as string, given['backup-version'] as string | undefined),
    ),
})

export const createBackup = command({
  name: 'emr create-hbase-backup',
  help: 'Creates a HBase backup in Amazon S3. Only for clusters of AMI versions.',
  arguments: { ...cluster, dir, consistent },
  run: (given, context) =>
    addStep('create-hbase-backup', given, context, () =>
      hbaseStep('Backup HBase', ['--backup', '--backup-dir', given.dir as string, ...calm(given)]),
    ),
})

export const scheduleBackup = command({
  name: 'emr schedule-hbase-backup',
  help: 'Adds a step to schedule automated HBase backup. Only for clusters of AMI versions.',
  arguments: {
    ...cluster,
    type: { required: true, help: 'incremental or full.' },
    dir,
    interval: { required: true, help: 'The time between backups.' },
    unit: { required: true, help: 'Its unit: minutes, hours or days.' },
    'start-time': { help: 'The time of the first backup in ISO format; now by default.' },
    consistent,
  },
  run: (given, context) =>
    addStep('schedule-hbase-backup', given, context, () => {
      const type = (given.type as string).toLowerCase()
      const unit = (given.unit as string).toLowerCase()
      if (type !== 'full' && type !== 'incremental') {
        throw new Failure('ParamValidation', 'invalid type. type should be either full or incremental.')
      }
      if (!['minutes', 'hours', 'days'].includes(unit)) {
        throw new Failure(
          'ParamValidation',
          'invalid unit. unit should be one of the following values: minutes, hours or days.',
        )
      }
      return hbaseStep('Modify Backup Schedule', [
        '--set-scheduled-backup',
        'true',
        '--backup-dir',
        given.dir as string,
        ...calm(given),
        `--${type}-backup-time-interval`,
        given.interval as string,
        `--${type}-backup-time-unit`,
        unit,
        '--start-time',
        (given['start-time'] as string | undefined) ?? 'now',
      ])
    }),
})

export const disableBackups = command({
  name: 'emr disable-hbase-backups',
  help: 'Adds a step to disable automated HBase backups. Only for clusters of AMI versions.',
  arguments: {
    ...cluster,
    full: { flag: true, help: 'Disables full backup.' },
    incremental: { flag: true, help: 'Disables incremental backup.' },
  },
  run: (given, context) =>
    addStep('disable-hbase-backups', given, context, () => {
      if (!given.full && !given.incremental) {
        throw new Failure('ParamValidation', 'Should specify at least one of --full and --incremental.')
      }
      return hbaseStep('Modify Backup Schedule', [
        '--set-scheduled-backup',
        'false',
        ...(given.full ? ['--disable-full-backups'] : []),
        ...(given.incremental ? ['--disable-incremental-backups'] : []),
      ])
    }),
})

function calm({ consistent }: GivenWords): string[] {
  return consistent ? ['--consistent'] : []
}

async function addStep(
  name: string,
  given: GivenWords,
  context: Context,
  step: () => ReturnType<typeof hbaseStep>,
): Promise<number> {
  const id = given['cluster-id'] as string
  await requireAmi(name, id, context)
  return callAndShow('AddJobFlowSteps', { JobFlowId: id, Steps: [step()] }, context)
}
