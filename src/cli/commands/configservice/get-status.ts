// Whether AWS Config records, and whether what it records arrives.

import type { Structure } from '../../../lib/value.ts'
import { needed } from '../../clients.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'

export const getStatus = command({
  name: 'configservice get-status',
  help: 'Reports the status of all of configuration recorders and delivery channels.',
  arguments: {},
  run: async (_, context) => {
    const { write } = context
    const recorders = await context.call('config', 'DescribeConfigurationRecorderStatus', {})
    write('Configuration Recorders:\n\n')
    for (const recorder of needed<Structure[]>(recorders, 'ConfigurationRecordersStatus')) {
      write(`name: ${recorder.name as string}\nrecorder: ${recorder.recording ? 'ON' : 'OFF'}\n`)
      if (recorder.recording) writeLast(recorder, '', context)
      write('\n')
    }
    const channels = await context.call('config', 'DescribeDeliveryChannelStatus', {})
    write('Delivery Channels:\n\n')
    for (const channel of needed<Structure[]>(channels, 'DeliveryChannelsStatus')) {
      write(`name: ${channel.name as string}\n`)
      for (const [member, what] of deliveries) {
        const status = channel[member] as Structure | undefined
        if (status !== undefined && Object.keys(status).length > 0) writeLast(status, what, context)
      }
      write('\n')
    }
    return 0
  },
})

const deliveries = [
  ['configStreamDeliveryInfo', 'stream delivery '],
  ['configHistoryDeliveryInfo', 'history delivery '],
  ['configSnapshotDeliveryInfo', 'snapshot delivery '],
] as const

function writeLast({ lastStatus, lastErrorCode, lastErrorMessage }: Structure, what: string, { write }: Context): void {
  write(`last ${what}status: ${lastStatus as string}\n`)
  if (lastStatus === 'FAILURE')
    write(`error code: ${lastErrorCode as string}\nmessage: ${lastErrorMessage as string}\n`)
}
