// May these be the lifecycle rules of a bucket?

import { hashHex } from '../../../lib/hash.ts'
import { invalidArgument, invalidRequest, malformedXml } from './errors.ts'
import type { Rule } from './lifecycle.ts'

const most = 1000
const actions = [
  'Expiration',
  'Transitions',
  'NoncurrentVersionExpiration',
  'NoncurrentVersionTransitions',
  'AbortIncompleteMultipartUpload',
] as const

/** The rules, each with an id. Throws MalformedXML, InvalidArgument or InvalidRequest. */
export function checkedRules(rules: Rule[] | undefined): Rule[] {
  if (!rules?.length || rules.length > most) throw malformedXml()
  const ids = new Set<string>()
  return rules.map((rule, index) => {
    const id = rule.ID || hashHex('sha1', JSON.stringify([rule, index]))
    if (id.length > 255) throw invalidArgument('ID length should not exceed allowed limit of 255', 'ID', id)
    if (ids.has(id)) throw invalidArgument('Rule ID must be unique. Found same ID for more than one rule', 'ID', id)
    ids.add(id)
    checkRule(rule)
    return { ...rule, ID: id }
  })
}

function checkRule(rule: Rule): void {
  const { Status, Filter, Prefix, Expiration, AbortIncompleteMultipartUpload: abort } = rule
  if (Status !== 'Enabled' && Status !== 'Disabled') throw malformedXml()
  if ((Filter === undefined) === (Prefix === undefined)) throw malformedXml()
  if (!actions.some((action) => rule[action] !== undefined))
    throw invalidRequest('At least one action needs to be specified in a rule')
  if (Filter && Object.keys(Filter).length > 1) throw malformedXml()
  const keys = (Filter?.And?.Tags ?? []).map((tag) => tag.Key)
  if (new Set(keys).size < keys.length) throw invalidRequest('Duplicate Tag Keys are not allowed.')
  if (abort && (Filter?.Tag || Filter?.And?.Tags))
    throw invalidRequest('AbortIncompleteMultipartUpload cannot be specified with Tags.')

  if (Expiration) {
    const { Days, Date: date, ExpiredObjectDeleteMarker: marker } = Expiration
    if ([Days, date, marker].filter((value) => value !== undefined).length !== 1) throw malformedXml()
    if (Days !== undefined && Days < 1)
      throw invalidArgument("'Days' for Expiration action must be a positive integer", 'Days', String(Days))
    checkMidnight(date)
  }
  for (const transition of rule.Transitions ?? []) {
    if ((transition.Days === undefined) === (transition.Date === undefined) || !transition.StorageClass)
      throw malformedXml()
    if (transition.Days !== undefined && transition.Days < 0)
      throw invalidArgument("'Days' in Transition action must be nonnegative", 'Days', String(transition.Days))
    checkMidnight(transition.Date)
  }
  for (const each of [rule.NoncurrentVersionExpiration, ...(rule.NoncurrentVersionTransitions ?? [])])
    if (each && each.NoncurrentDays === undefined) throw malformedXml()
  if (rule.NoncurrentVersionTransitions?.some(({ StorageClass }) => !StorageClass)) throw malformedXml()
  const noncurrent = rule.NoncurrentVersionExpiration?.NoncurrentDays
  if (noncurrent !== undefined && noncurrent < 1)
    throw invalidArgument(
      "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer",
      'NoncurrentDays',
      String(noncurrent),
    )
  if (abort && !((abort.DaysAfterInitiation ?? 0) >= 1))
    throw invalidArgument(
      "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer",
      'DaysAfterInitiation',
    )
}

function checkMidnight(date: string | Date | undefined): void {
  if (date !== undefined && new Date(date).getTime() % 86_400_000 !== 0)
    throw invalidArgument("'Date' must be at midnight GMT", 'Date', new Date(date).toISOString())
}
