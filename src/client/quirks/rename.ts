// Some members go by another name in boto3, because Python or an older API had it so: both are understood.

import type { Structure } from '../../lib/value.ts'

export function renamed(input: Structure, alias: string, member: string): Structure {
  if (input[alias] === undefined || input[member] !== undefined) return input
  const { [alias]: value, ...rest } = input
  return { ...rest, [member]: value }
}
