// Route 53 answers ids as paths, `/hostedzone/Z1`, and wants them back without: only the last piece is sent.
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZone.html

import type { Quirks } from './index.ts'

const ids = ['ResourceId', 'DelegationSetId', 'ChangeId']

export const route53: Quirks = {
  input(input, { operation }) {
    for (const member of operation.input?.shape.members ?? []) {
      const id = input[member.name]
      if (ids.includes(member.shape.name) && typeof id === 'string')
        input[member.name] = id.slice(id.lastIndexOf('/') + 1)
    }
    return input
  },
}
