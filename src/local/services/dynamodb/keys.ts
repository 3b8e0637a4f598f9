// Where does an item stand? In a table's rows by a text that sorts as the service sorts: partitions by the hash of their
// key, in a partition by the sort key, in an index by the index's key and then the item's own.
//
//   table:  HHHHHH partition ␁ [sort ␁]           HHHHHH: the first 24 bits of the hash, in hex
//   index:  HHHHHH partition ␁ [sort ␁] hhhhhh item's key in the table        (several keys: each with its ␁)
//
// A text key stands as it is, ␁ ends it; U+0000…U+0002 are written as U+0002 and the one two places on, so that no
// key holds ␁ and the order stays. Binary is hex, numbers are as `sortableNumber` has them.

import { concat, fromBase64, utf8 } from '../../../lib/bytes.ts'
import { md5Hex } from '../../../lib/hash.ts'
import { hexOf } from './compare.ts'
import { invalid, invalidValue, keyMismatch, notValid } from './errors.ts'
import { numberBytes, sortableNumber } from './numbers.ts'
import { attributeOf, base64Size, textSize, typeOf, type AttributeValue, type Item } from './values.ts'

export interface KeyAttribute {
  readonly name: string
  readonly type: 'S' | 'N' | 'B'
}

/** Of a table or an index. A global index's partition and sort key may be of up to four attributes each. */
export interface Schema {
  readonly hash: KeyAttribute
  readonly range?: KeyAttribute
  readonly moreHash?: readonly KeyAttribute[]
  readonly moreRange?: readonly KeyAttribute[]
}

export function keyAttributes(schema: Schema): KeyAttribute[] {
  return [...hashAttributes(schema), ...rangeAttributes(schema)]
}

export function hashAttributes({ hash, moreHash }: Schema): readonly KeyAttribute[] {
  return moreHash ? [hash, ...moreHash] : [hash]
}

export function rangeAttributes({ range, moreRange }: Schema): readonly KeyAttribute[] {
  return range ? (moreRange ? [range, ...moreRange] : [range]) : []
}

export function isPartitionKey({ hash, moreHash }: Schema, attribute: KeyAttribute): boolean {
  return attribute === hash || (moreHash?.includes(attribute) ?? false)
}

const end = '\x01'

/** The least text after every key that begins with `key` and is ended there. */
export const afterEnd = '\x02'

/** A key's text without its end. */
export function sortable(value: AttributeValue): string {
  if (value.S !== undefined) return escaped(value.S)
  if (value.N !== undefined) return sortableNumber(value.N)
  return hexOf(value.B!)
}

/** What cannot stand in a key: the marks, and halves of a pair, which UTF-8 does not have. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const strange = /[\0-\x02]|\p{Cs}/u
const everyStrange = new RegExp(strange, 'gu')

function escaped(text: string): string {
  if (!strange.test(text)) return text
  return text.replace(everyStrange, (c) => (c > '\x02' ? '\ufffd' : `\x02${String.fromCharCode(c.charCodeAt(0) + 2)}`))
}

export function ended(value: AttributeValue): string {
  return sortable(value) + end
}

/** What every key of a partition begins with. */
export function partition(...key: readonly AttributeValue[]): string {
  let text = hashOf(...key)
  for (const value of key) text += ended(value)
  return text
}

/** The order of partitions is that of the service: the MD5 of a word and the key. */
function hashOf(...key: readonly AttributeValue[]): string {
  const text = key.length === 1 ? key[0]!.S : undefined
  const hashed = text === undefined ? concat([utf8('Outliers'), ...key.map(bytesOf)]) : `Outliers${text}`
  return md5Hex(hashed).slice(0, 6)
}

function bytesOf(value: AttributeValue): Uint8Array {
  if (value.S !== undefined) return utf8(value.S)
  return value.N !== undefined ? numberBytes(value.N) : fromBase64(value.B!)
}

/** An item's key in the rows of its table. */
export function rowKey(schema: Schema, item: Item): string {
  let text = partition(...hashAttributes(schema).map(({ name }) => item[name]!))
  for (const { name } of rangeAttributes(schema)) text += ended(item[name]!)
  return text
}

/** An item's key in the rows of an index; undefined where it is not in it. */
export function indexKey(index: Schema, table: Schema, item: Item, key: string): string | undefined {
  for (const { name, type } of keyAttributes(index)) if (attributeOf(item, name)?.[type] === undefined) return undefined
  return rowKey(index, item) + hashOf(...keyAttributes(table).map(({ name }) => item[name]!)) + key
}

/** Which third of 4,096 hashes a segment of a parallel scan is: the texts its keys stand between. */
export function segment(part: number, of: number): { from: string; before: string | undefined } {
  const hex = (at: number): string =>
    Math.ceil((4096 * at) / of)
      .toString(16)
      .padStart(3, '0')
  return { from: hex(part), before: part + 1 >= of ? undefined : hex(part + 1) }
}

/** A key as it was given: nothing but the key's attributes, of their types. */
export function checkKey(schema: Schema, key: Item): void {
  const attributes = keyAttributes(schema)
  if (Object.keys(key).length !== attributes.length) throw keyMismatch()
  for (const attribute of attributes) checkKeyAttribute(key, attribute, attribute === schema.hash)
}

export function checkKeyAttribute(key: Item, attribute: KeyAttribute, isHash: boolean): void {
  const value = attributeOf(key, attribute.name)
  if (value?.[attribute.type] === undefined) throw keyMismatch()
  if (isEmpty(value)) throw invalid(emptyKey(attribute))
  checkSize(value, isHash)
}

/** An item as it was given: it must have the key's attributes. */
export function checkItemKey(schema: Schema, item: Item): void {
  for (const attribute of keyAttributes(schema)) {
    const { name, type } = attribute
    const value = attributeOf(item, name)
    if (!value) throw invalidValue(`Missing the key ${name} in the item`)
    if (value[type] === undefined)
      throw invalidValue(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`)
    if (isEmpty(value)) throw invalid(emptyKey(attribute))
    checkSize(value, attribute === schema.hash)
  }
}

export function isEmpty(value: AttributeValue): boolean {
  return value.S === '' || value.B === ''
}

function emptyKey({ name, type }: KeyAttribute): string {
  return `${notValid} The AttributeValue for a key attribute cannot contain an empty ${type === 'S' ? 'string' : 'binary'} value. Key: ${name}`
}

/** Throws ValidationException for what is longer than a key, of a table or of an index, may be. */
export function checkSize(value: AttributeValue, isHash: boolean): void {
  if (value.N !== undefined) return
  const size = value.S !== undefined ? textSize(value.S) : base64Size(value.B!)
  if (isHash && size > 2048) throw invalidValue('Size of hashkey has exceeded the maximum size limit of2048 bytes')
  if (!isHash && size > 1024)
    throw invalidValue('Aggregated size of all range keys has exceeded the size limit of 1024 bytes')
}

/** Only the key's attributes. */
export function keyOf(schemas: readonly Schema[], item: Item): Item {
  const key: Item = {}
  for (const schema of schemas) for (const { name } of keyAttributes(schema)) key[name] = item[name]!
  return key
}
