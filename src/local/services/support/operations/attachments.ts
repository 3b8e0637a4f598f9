// Attaching files, and reading them again.

import { fromBase64, toBase64 } from '../../../../lib/bytes.ts'
import { AwsError } from '../../../../lib/errors.ts'
import { findFile, findSet, putFile, putSet, type AttachmentSet } from '../attachments.ts'
import type { SupportHandler } from '../state.ts'

const mostFiles = 3
const largest = 5 * 1024 * 1024
const lifetime = 3_600_000

export const addAttachmentsToSet: SupportHandler = (input, context) => {
  const id = input.attachmentSetId ?? `as-${newId(32)}`
  const known: AttachmentSet | undefined = input.attachmentSetId === undefined ? undefined : findSet(id, context)
  const given = input.attachments as readonly { fileName?: string; data?: Uint8Array<ArrayBuffer> }[]
  const already = known?.attachments ?? []
  if (already.length + given.length > mostFiles || given.some(({ data }) => (data?.length ?? 0) > largest))
    throw new AwsError(
      'AttachmentSetSizeLimitExceeded',
      'A limit for the size of an attachment set has been exceeded. The limits are three attachments and 5 MB per attachment.',
    )
  const added = given.map(({ fileName = 'attachment', data = new Uint8Array() }) => {
    const attachmentId = `attachment-${newId(48)}`
    putFile(attachmentId, { account: context.account, fileName, data: toBase64(data) }, context)
    return { attachmentId, fileName }
  })
  const expires = context.clock().getTime() + lifetime
  putSet(id, { account: context.account, expires, attachments: [...already, ...added] }, context)
  return { attachmentSetId: id, expiryTime: new Date(expires).toISOString() }
}

function newId(length: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => letters[byte & 63]).join('')
}

export const describeAttachment: SupportHandler = ({ attachmentId }, context) => {
  const file = findFile(attachmentId, context)
  if (!file) throw new AwsError('AttachmentIdNotFound', `An attachment with the ID ${attachmentId} could not be found.`)
  return { attachment: { fileName: file.fileName, data: fromBase64(file.data) } }
}
