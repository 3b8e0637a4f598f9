// The digests that AWS answered (LocalStack's recordings), and what attributes may be.

import { describe, expect, test } from 'bun:test'
import { utf8 } from '../../../lib/bytes.ts'
import { checked, digestOf, strayCharacter, type AttributeValue } from './message-attributes.ts'

const text = (StringValue: string, DataType = 'String'): AttributeValue => ({ DataType, StringValue })
const digest = (attributes: Record<string, AttributeValue>): string | undefined => digestOf(checked(attributes, 'user'))

describe('digests', () => {
  test.each<[string, Record<string, AttributeValue>]>([
    ['4c360f3fdafd970e05fae2f149d997f5', { Hello: text('There'), General: text('Kenobi'), 'Help.Me': text('Me') }],
    ['fca026605781cb4126a1e9044df24232', { General: text('Kenobi'), Hello: text('There') }],
    ['a311262e065454b75da111d535b8dacd', { Hello: text('There') }],
    ['83fee93c1bcd8b9a5a923ffacdc636c7', { Hello: text('There'), 'Help.Me': text('Me') }],
    ['ae7155c6026991b6d54b11589678bf9c', { Foo: text('Bar') }],
    [
      '8cbe4db156db8a94db8b801b7addb984',
      {
        attr1: {
          DataType: 'Binary',
          BinaryValue: utf8('traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01'),
        },
      },
    ],
  ])('%s', (expected, attributes) => expect(digest(attributes)).toBe(expected))

  test('none for no attributes', () => expect(digest({})).toBeUndefined())
})

describe('what an attribute may not be', () => {
  test.each<[string, Record<string, AttributeValue>, string]>([
    ['empty', { a: text('') }, "Message (user) attribute 'a' must contain a non-empty value of type 'String'."],
    ['without a type', { a: { StringValue: 'x' } }, 'must contain a non-empty message attribute type.'],
    [
      'of no known type',
      { a: text('x', 'Boolean') },
      "The type of message (user) attribute 'a' is invalid. You must use only",
    ],
    ['no number', { a: text('x', 'Number') }, "Can't cast the value of message (user) attribute 'a' to a number."],
    ['empty bytes', { a: { DataType: 'Binary', BinaryValue: new Uint8Array(0) } }, "non-empty value of type 'Binary'"],
    ['called with a space', { 'a b': text('x') }, 'attributes name can only contain upper and lower score characters'],
    ['called .a', { '.a': text('x') }, "they cannot start or end with '.'"],
    ['called a..b', { 'a..b': text('x') }, "they cannot start or end with '.'"],
    ['called AWS.x', { 'AWS.x': text('x') }, 'reserved'],
    ['a control character', { a: text('\x02') }, 'contains the invalid character #x2'],
    [
      'one of eleven',
      Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`a${i}`, text('x')])),
      'Number of message attributes [11] exceeds the allowed maximum [10].',
    ],
  ])('%s', (_, attributes, message) => expect(() => checked(attributes, 'user')).toThrow(message))

  test('a name may have letters of any script', () =>
    expect(Object.keys(checked({ 'attr.1øßä': text('x') }, 'user'))).toEqual(['attr.1øßä']))

  test.each(['Number', 'Number.int', 'String.custom', 'Binary.png'])('%s is a type', (type) => {
    const value = type.startsWith('Binary') ? { DataType: type, BinaryValue: utf8('x') } : text('12.5e3', type)
    expect(checked({ a: value }, 'user')['a']!.type).toBe(type)
  })
})

test.each([
  ['plain \t\n\r text', undefined],
  ['\u0000', '#x0'],
  ['a\u001fb', '#x1F'],
  ['\uFFFE', '#xFFFE'],
  ['\uD800', '#xD800'],
  ['😀', undefined],
])('strayCharacter(%j)', (given, expected) => expect(strayCharacter(given)).toBe(expected as never))
