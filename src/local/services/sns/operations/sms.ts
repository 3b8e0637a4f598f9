// What is set for text messages.

import { invalid } from '../errors.ts'
import type { SnsHandler } from '../state.ts'

const known = [
  'MonthlySpendLimit',
  'DeliveryStatusIAMRole',
  'DeliveryStatusSuccessSamplingRate',
  'DefaultSenderID',
  'DefaultSMSType',
  'UsageReportS3Bucket',
]

export const setSMSAttributes: SnsHandler = ({ attributes }: { attributes: Record<string, string> }, context) => {
  const stray = Object.keys(attributes).find((name) => !known.includes(name))
  if (stray !== undefined) throw invalid(`${stray} is not a valid attribute`)
  const { DefaultSMSType: type, DefaultSenderID: sender } = attributes
  if (type !== undefined && type !== '' && type !== 'Promotional' && type !== 'Transactional')
    throw invalid('DefaultSMSType is invalid')
  if (sender && !/^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/.test(sender))
    throw invalid('DefaultSenderID is not a valid attribute')
  context.state.putSms(context, { ...context.state.sms(context), ...attributes })
}

export const getSMSAttributes: SnsHandler = ({ attributes: names = [] }: { attributes?: string[] }, context) => {
  const all = Object.entries({ MonthlySpendLimit: '1', ...context.state.sms(context) })
  return { attributes: Object.fromEntries(all.filter(([name]) => names.length === 0 || names.includes(name))) }
}
