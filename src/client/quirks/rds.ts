// Copies between regions in RDS, Neptune and DocumentDB. `SourceRegion` is an argument of ours: it is not sent.

import { text, utf8 } from '../../lib/bytes.ts'
import type { Quirks } from './index.ts'
import { copiedFrom } from './copy-from.ts'

const copies =
  ' CopyDBSnapshot CopyDBClusterSnapshot CreateDBCluster CreateDBInstanceReadReplica StartDBInstanceAutomatedBackupsReplication '

export const rds: Quirks = {
  async request(message, exchange) {
    const { operation, input } = exchange
    const source = input['SourceRegion']
    if (typeof source !== 'string' || !copies.includes(` ${operation.name} `)) return message
    const pairs = text(message.body as Uint8Array)
      .split('&')
      .filter((pair) => !pair.startsWith('SourceRegion='))
    const local = { ...message, body: utf8(pairs.join('&')) }
    return input['PreSignedUrl'] === undefined ? copiedFrom(source, local, exchange, { link: 'PreSignedUrl' }) : local
  },
}
