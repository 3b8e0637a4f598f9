// What is attached to cases? Files, collected in a set that is there for an hour until a case or an answer takes it.

import { AwsError } from '../../../lib/errors.ts'
import type { Communication } from './cases.ts'
import type { SupportContext } from './state.ts'

export interface AttachmentSet {
  readonly account: string
  /** Milliseconds. */
  readonly expires: number
  readonly attachments: Communication['attachments']
}

export interface StoredAttachment {
  readonly account: string
  readonly fileName: string
  /** Base64. */
  readonly data: string
}

const sets = 'support-attachment-sets'
const files = 'support-attachments'

/** Throws AttachmentSetIdNotFound, AttachmentSetExpired. */
export function findSet(id: string, { state, account, clock }: SupportContext): AttachmentSet {
  const set = state.rows.get<AttachmentSet & Record<string, never>>(sets, id)
  if (!set || set.account !== account)
    throw new AwsError('AttachmentSetIdNotFound', `An attachment set with the ID ${id} could not be found.`)
  if (set.expires <= clock().getTime())
    throw new AwsError('AttachmentSetExpired', `The attachment set ${id} has expired.`)
  return set
}

export function putSet(id: string, set: AttachmentSet, { state }: SupportContext): void {
  state.rows.put(sets, id, set)
}

/** What is in the set; none where no set is named. */
export function attachmentsIn(id: string | undefined, context: SupportContext): Communication['attachments'] {
  return id === undefined ? [] : findSet(id, context).attachments
}

export function putFile(id: string, file: StoredAttachment, { state }: SupportContext): void {
  state.rows.put(files, id, file)
}

export function findFile(id: string, { state, account }: SupportContext): StoredAttachment | undefined {
  const file = state.rows.get<StoredAttachment & Record<string, never>>(files, id)
  return file?.account === account ? file : undefined
}
