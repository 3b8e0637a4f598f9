// What EC2 wants that its model does not say.

import { text } from '../../lib/bytes.ts'
import { decodeBase64 } from '../../lib/python.ts'
import type { Structure } from '../../lib/value.ts'
import type { Quirks } from './index.ts'
import { copiedFrom } from './copy-from.ts'
import { renamed } from './rename.ts'
import { withEncodedUserData } from './user-data.ts'

export const ec2: Quirks = {
  input(input, { operation }) {
    if (operation.name === 'RunInstances') return withEncodedUserData(input)
    return operation.input?.shape.memberNamed('Filter') ? renamed(input, 'Filters', 'Filter') : input
  },

  // The region a snapshot is copied to asks the one it comes from, with a link that we must sign.
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CopySnapshots.html
  async request(message, exchange) {
    const { operation, input } = exchange
    if (operation.name !== 'CopySnapshot' || input['PresignedUrl'] !== undefined) return message
    const source = input['SourceRegion']
    if (typeof source !== 'string') return message
    return copiedFrom(source, message, exchange, { link: 'PresignedUrl', sendsDestination: true })
  },

  output: (output, { operation }) => (operation.name === 'GetConsoleOutput' ? withPlainConsole(output) : output),
}

function withPlainConsole(output: Structure): Structure {
  const console = output['Output']
  const bytes = typeof console === 'string' ? decodeBase64(console) : undefined
  if (bytes !== undefined) output['Output'] = text(bytes)
  return output
}
