// What is set for text messages; none are sent.

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
  context.state.putSms(context, { ...context.state.sms(context), ...attributes })
}

export const getSMSAttributes: SnsHandler = ({ attributes: names = [] }: { attributes?: string[] }, context) => {
  const all = Object.entries(context.state.sms(context))
  return { attributes: Object.fromEntries(all.filter(([name]) => names.length === 0 || names.includes(name))) }
}
