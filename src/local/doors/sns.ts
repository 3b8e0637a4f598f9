// The certificate that SNS's messages are signed with: /_virga/sns/SimpleNotificationService-….pem

import { utf8 } from '../../lib/bytes.ts'
import { Sns } from '../services/sns/state.ts'
import type { SigningKeys } from '../services/sns/signing.ts'
import { nothingHere, type Room } from './room.ts'

export const sns: Room = async (request, path, { world }) => {
  const keys = await world.store
    .namespace('sns')
    .transaction((rows) => new Sns(rows, world.clock).signingKeys<SigningKeys>())
  if (request.method !== 'GET' || !keys || path !== keys.name) return nothingHere(request)
  return { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: utf8(keys.certificate) }
}
