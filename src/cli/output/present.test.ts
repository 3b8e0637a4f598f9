import { describe, expect, test } from 'bun:test'
import { AwsError } from '../../lib/errors.ts'
import { Float, keysOf, withKeyOrder, type Structure } from '../../lib/value.ts'
import type { Member, Operation, ProtocolName, Shape, ShapeType } from '../../model/model.ts'
import { errorRecord } from './error.ts'
import { present } from './present.ts'

function shape(
  type: ShapeType,
  parts: { name?: string; members?: Record<string, Shape>; of?: Shape; code?: string } = {},
): Shape {
  const members = Object.entries(parts.members ?? {}).map(([name, of]) => reference(name, of))
  const inner = parts.of && reference('', parts.of)
  const traits = parts.code === undefined ? {} : { error: { code: parts.code } }
  return {
    name: parts.name ?? type,
    type,
    traits,
    members,
    ...(type === 'list' ? { member: inner } : {}),
    ...(type === 'map' ? { value: inner } : {}),
    memberNamed: (name) => members.find((member) => member.name === name),
  }
}

function reference(name: string, of: Shape): Member {
  return { name, required: false, shape: of, traits: of.traits, ownTraits: {} }
}

function operation(output: Shape, errors: Shape[] = [], protocol: ProtocolName = 'json', name = 's3'): Operation {
  const service = { name, protocol, operationNames: ['Other'], operation: () => ({ errors: [elsewhere] }) }
  return { name: 'Get', output: reference('', output), errors, service } as unknown as Operation
}

const text = shape('string')
const moment = shape('timestamp')
/** An error that only another operation lists. */
const elsewhere = shape('structure', { name: 'Elsewhere', members: { message: text } })

describe('a response', () => {
  const times = shape('structure', {
    members: {
      Name: text,
      At: moment,
      All: shape('list', { of: moment }),
      By: shape('map', { of: moment }),
      Plain: shape('map', { of: text }),
    },
  })
  const value: Structure = {
    Name: '2026-01-02T03:04:05Z',
    At: '2026-01-02T03:04:05.678Z',
    All: [0, new Float(1767323045.5), null],
    By: withKeyOrder({ '1': 'Fri, 02 Jan 2026 03:04:05 GMT', x: 1 }, ['x', '1']),
    Plain: { a: '1' },
  }

  test('shows its timestamps as Python does, in the order of the wire', () => {
    const shown = present(operation(times), value, { timestampFormat: 'iso8601' })
    expect(shown).toEqual({
      Name: '2026-01-02T03:04:05Z',
      At: '2026-01-02T03:04:05.678000+00:00',
      All: ['1970-01-01T00:00:00+00:00', '2026-01-02T03:04:05.500000+00:00', null],
      By: { '1': '2026-01-02T03:04:05+00:00', x: '1970-01-01T00:00:01+00:00' },
      Plain: { a: '1' },
    })
    expect(keysOf(shown.By as object)).toEqual(['x', '1'])
    expect(shown.Plain).toBe(value.Plain)
  })

  test('is left alone in the wire format, or where it holds no timestamp', () => {
    expect(present(operation(times), value, { timestampFormat: 'wire' })).toBe(value)
    const plain = operation(shape('structure', { members: { Name: text } }))
    expect(present(plain, value, { timestampFormat: 'iso8601' })).toBe(value)
  })

  test('may have a shape that holds itself', () => {
    const members: Record<string, Shape> = { At: moment }
    const inner = shape('list', {
      of: { name: 'Tree', type: 'structure', traits: {}, members: [], memberNamed: () => undefined },
    })
    const tree: Shape = { ...shape('structure', { members: { ...members, Sub: inner } }) }
    const looped = { ...tree.members[1]!.shape.member!, shape: tree }
    Object.assign(inner, { member: looped })
    const shown = present(operation(tree), { Sub: [{ Sub: [{ At: 1 }] }] }, { timestampFormat: 'iso8601' })
    expect(shown).toEqual({ Sub: [{ Sub: [{ At: '1970-01-01T00:00:01+00:00' }] }] })
  })
})

describe("an error's record", () => {
  const invalid = shape('structure', { name: 'InvalidObjectState', members: { StorageClass: text, AccessTier: text } })
  const slow = shape('structure', {
    name: 'TooManyRequestsException',
    members: { retryAfterSeconds: text, message: text, Reason: text, At: moment },
  })
  const cases: readonly (readonly [ProtocolName, Shape, AwsError, [string, unknown][]])[] = [
    [
      'rest-xml',
      invalid,
      new AwsError('InvalidObjectState', 'bad', { detail: { AccessTier: 'X', StorageClass: 'GLACIER', Other: 1 } }),
      [
        ['Code', 'InvalidObjectState'],
        ['Message', 'bad'],
        ['StorageClass', 'GLACIER'],
        ['AccessTier', 'X'],
      ],
    ],
    [
      'rest-json',
      slow,
      new AwsError('TooManyRequestsException', 'slow', { detail: { retryAfterSeconds: '3', Reason: 'R', At: 0 } }),
      [
        ['Message', 'slow'],
        ['Code', 'TooManyRequestsException'],
        ['retryAfterSeconds', '3'],
        ['message', 'slow'],
        ['Reason', 'R'],
        ['At', '1970-01-01T00:00:00+00:00'],
      ],
    ],
    [
      'query',
      slow,
      new AwsError('NoSuchEntity', 'no role'),
      [
        ['Code', 'NoSuchEntity'],
        ['Message', 'no role'],
      ],
    ],
  ]
  const bare = new AwsError('503', 'Service Unavailable', { response: { headers: {}, bare: true } })
  const more: typeof cases = [
    [
      'json',
      slow,
      bare,
      [
        ['Code', '503'],
        ['Message', 'Service Unavailable'],
      ],
    ],
    [
      'json',
      slow,
      new AwsError('Elsewhere', 'm'),
      [
        ['Message', 'm'],
        ['Code', 'Elsewhere'],
        ['message', 'm'],
      ],
    ],
  ]
  test("XML that is not S3's", () => {
    const other = operation(text, [], 'rest-xml', 'cloudfront')
    const record = errorRecord(other, new AwsError('NoSuchDistribution', 'm'), { timestampFormat: 'iso8601' })
    expect(keysOf(record)).toEqual(['Message', 'Code'])
  })

  for (const [protocol, error, thrown, entries] of [...cases, ...more]) {
    test(`${thrown.code} over ${protocol}`, () => {
      const record = errorRecord(operation(text, [error], protocol), thrown, { timestampFormat: 'iso8601' })
      expect(keysOf(record).map((key) => [key, record[key]])).toEqual(entries as [string, Structure[string]][])
    })
  }
})
