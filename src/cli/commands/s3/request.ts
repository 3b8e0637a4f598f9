// Which members do the flags become in the requests of a transfer?

import { Failure } from '../../../lib/errors.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import type { Extras } from '../../../transfer/transfer.ts'
import type { GivenWords } from '../command.ts'
import type { TransferCommand } from './check.ts'

const objectMembers: Readonly<Record<string, string>> = {
  acl: 'ACL',
  'storage-class': 'StorageClass',
  'website-redirect': 'WebsiteRedirectLocation',
  'content-type': 'ContentType',
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-encoding': 'ContentEncoding',
  'content-language': 'ContentLanguage',
  expires: 'Expires',
}

const grantMembers: Readonly<Record<string, string>> = {
  read: 'GrantRead',
  full: 'GrantFullControl',
  readacl: 'GrantReadACP',
  writeacl: 'GrantWriteACP',
}

export interface Wishes {
  /** Whether uploads carry a checksum of S3's own choice where the user chose none. */
  readonly checksums: boolean
  readonly typeOf: (path: string) => string | undefined
}

/** Throws Failure('ParamValidation') for grants that are none. */
export function extrasFrom(command: TransferCommand, given: GivenWords, wishes: Wishes): Extras {
  const payer = members(given, { 'request-payer': 'RequestPayer' })
  const customerKey = keyMembers(given, 'sse-c', 'SSECustomer')
  const object = { ...members(given, objectMembers), ...grants(given.grants), ...metadata(given.metadata) }
  const encryption = members(given, { sse: 'ServerSideEncryption', 'sse-kms-key-id': 'SSEKMSKeyId' })
  const checksum = members(given, { 'checksum-algorithm': 'ChecksumAlgorithm' })
  // A sync has looked already, and leaves out what is there.
  const absent = given['no-overwrite'] === true && command !== 'sync' ? { IfNoneMatch: '*' } : {}
  const put: Structure = {
    ...object,
    ...encryption,
    ...customerKey,
    ...payer,
    ...(wishes.checksums ? { ChecksumAlgorithm: 'CRC64NVME' } : {}),
    ...checksum,
    ...absent,
  }
  const directive = members(given, { 'metadata-directive': 'MetadataDirective' })
  if (object.Metadata !== undefined && directive.MetadataDirective === undefined)
    directive.MetadataDirective = 'REPLACE'
  const sourceKey = keyMembers(given, 'sse-c-copy-source', 'CopySourceSSECustomer')
  const guesses = given['no-guess-mime-type'] !== false && isBlank(given['content-type'])
  return {
    upload: guesses ? byType(put, wishes) : () => put,
    download: { ...customerKey, ...payer, ...members(given, { 'checksum-mode': 'ChecksumMode' }) },
    copy: { ...object, ...directive, ...encryption, ...customerKey, ...sourceKey, ...payer, ...checksum, ...absent },
    request: payer,
    head: { ...keyMembers(given, 'sse-c', 'SSECustomer'), ...payer },
    ...(isBlank(given['metadata-directive'])
      ? { properties: (given['copy-props'] ?? 'default') as NonNullable<Extras['properties']> }
      : {}),
  }
}

/** HeadObject of what is named alone; a copy's source may have a customer's key of its own. */
export function headFrom(given: GivenWords, copies: boolean): Structure {
  const payer = members(given, { 'request-payer': 'RequestPayer' })
  return {
    ChecksumMode: 'ENABLED',
    ...keyMembers(given, copies ? 'sse-c-copy-source' : 'sse-c', 'SSECustomer'),
    ...payer,
  }
}

/** One object for all files of a type: a store prepares their requests once. */
function byType(put: Structure, { typeOf }: Wishes): Extras['upload'] {
  const made = new Map<string, Structure>()
  return ({ entry }) => {
    const type = typeOf(entry.path)
    if (type === undefined) return put
    let members = made.get(type)
    if (!members) made.set(type, (members = { ...put, ContentType: type }))
    return members
  }
}

/** Python holds an empty text for nothing given. */
function isBlank(value: Value | undefined): boolean {
  return value === undefined || value === ''
}

function members(given: GivenWords, names: Readonly<Record<string, string>>): Structure {
  const found: Structure = {}
  for (const [flag, member] of Object.entries(names)) if (!isBlank(given[flag])) found[member] = given[flag]!
  return found
}

function keyMembers(given: GivenWords, flag: string, member: string): Structure {
  if (isBlank(given[flag])) return {}
  return { [`${member}Algorithm`]: given[flag]!, [`${member}Key`]: given[`${flag}-key`]! }
}

function metadata(given: Value | undefined): Structure {
  return given === undefined || Object.keys(given as Structure).length === 0 ? {} : { Metadata: given }
}

/** `read=id=…`: a permission, and whom it is given to. */
function grants(given: Value | undefined): Structure {
  const found: Structure = {}
  for (const grant of (given ?? []) as string[]) {
    const equals = grant.indexOf('=')
    if (equals < 0) throw new Failure('ParamValidation', 'grants should be of the form permission=principal')
    const member = grantMembers[grant.slice(0, equals)]
    if (member === undefined) {
      throw new Failure('ParamValidation', 'permission must be one of: read|readacl|writeacl|full')
    }
    found[member] = grant.slice(equals + 1)
  }
  return found
}
