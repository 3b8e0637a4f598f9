import { describe, expect, test } from 'bun:test'
import type { Paginator } from '../model/model.ts'
import { toBase64, utf8 } from '../lib/bytes.ts'
import { paginate, readToken, writeToken } from './paginate.ts'
import type { PagingOptions } from './paginate.ts'
import { client, demo } from './test-client.ts'

const simple: Paginator = { input_token: 'Marker', output_token: 'NextMarker', result_key: 'Items', limit_key: 'Limit' }
const token = (value: string) => toBase64(utf8(value))

async function run(
  bodies: object[],
  paginator: Paginator = simple,
  options: PagingOptions = {},
  input = {},
  scalars: 'wire' | 'native' = 'native',
) {
  const fake = client(
    bodies.map((body) => ({ body })),
    { scalars },
  )
  const pages = paginate(demo('List'), paginator, input, fake.settings, options)
  const whole = await pages.whole()
  return { whole, resume: pages.resumeToken(), inputs: fake.bodies() }
}

const three = [{ Items: ['a', 'b'], NextMarker: 'm1' }, { Items: ['c', 'd'], NextMarker: 'm2' }, { Items: ['e'] }]

describe('all pages', () => {
  test('are asked for, token by token, and joined', async () => {
    const { whole, inputs, resume } = await run(three)
    expect(whole).toEqual({ Items: ['a', 'b', 'c', 'd', 'e'] })
    expect(inputs).toEqual([{}, { Marker: 'm1' }, { Marker: 'm2' }])
    expect(resume).toBeUndefined()
  })

  const folds: [string, object[], Partial<Paginator>, object][] = [
    [
      'numbers are added, strings strung together',
      [
        { Items: ['a'], Sum: 1, Note: 'x', NextMarker: 'm' },
        { Items: ['b'], Sum: 2, Note: 'y' },
      ],
      { result_key: ['Items', 'Sum', 'Note'] },
      { Items: ['a', 'b'], Sum: 3, Note: 'xy' },
    ],
    [
      'what is declared and missing is null, the rest is left out',
      [
        { Items: ['a'], Label: 'first', More: true, NextMarker: 'm' },
        { Items: ['b'], Label: 'second' },
      ],
      { non_aggregate_keys: ['Label', 'Note'] },
      { Items: ['a', 'b'], Label: 'first', Note: null },
    ],
    [
      'a result within a structure',
      [{ Inner: { Items: ['a'], Total: 1 }, NextMarker: 'm' }, { Inner: { Items: ['b'], Total: 2 } }],
      { result_key: 'Inner.Items', non_aggregate_keys: ['Inner.Total'] },
      { Inner: { Items: ['a', 'b'], Total: 1 } },
    ],
    [
      'more_results decides where it is declared',
      [
        { Items: ['a'], More: true, NextMarker: 'm' },
        { Items: ['b'], More: false, NextMarker: 'n' },
      ],
      { more_results: 'More' },
      { Items: ['a', 'b'] },
    ],
    [
      'a token by JMESPath',
      [{ Items: ['a', 'b'], More: true }, { Items: ['c'] }],
      { more_results: 'More', output_token: 'NextMarker || Items[-1]' },
      { Items: ['a', 'b', 'c'] },
    ],
    ['no results at all', [{}], {}, {}],
  ]
  test.each(folds)('%s', async (_, bodies, changes, expected) =>
    expect((await run(bodies, { ...simple, ...changes })).whole).toEqual(expected as never),
  )

  test('two tokens go together', async () => {
    const paginator = { ...simple, input_token: ['Marker', 'Other'], output_token: ['NextMarker', 'NextOther'] }
    const { inputs } = await run([{ NextMarker: 'a', NextOther: 'b' }, { NextOther: 'c' }, {}], paginator)
    expect(inputs).toEqual([{}, { Marker: 'a', Other: 'b' }, { Other: 'c' }])
  })

  test('the same token twice is an error', () =>
    expect(run([{ Items: ['a'], NextMarker: 'm' }])).rejects.toMatchObject({
      kind: 'Pagination',
      message: "Error during pagination: The same next token was received twice: {'Marker': 'm'}",
    }))

  test('bytes in a token that was printed as base64 are bytes again', async () => {
    const paginator = { ...simple, input_token: 'Key', output_token: 'LastKey' }
    const { inputs } = await run([{ LastKey: { k: 'AAEC' } }, {}], paginator, {}, {}, 'wire')
    expect(inputs[1]).toEqual({ Key: { k: 'AAEC' } })
  })
})

describe('cut short', () => {
  const cases: [number, string[], string | undefined][] = [
    [1, ['a'], '{"Marker": null, "boto_truncate_amount": 1}'],
    [2, ['a', 'b'], '{"Marker": "m1"}'],
    [3, ['a', 'b', 'c'], '{"Marker": "m1", "boto_truncate_amount": 1}'],
    [5, ['a', 'b', 'c', 'd', 'e'], undefined],
    [9, ['a', 'b', 'c', 'd', 'e'], undefined],
  ]
  test.each(cases)('after %i', async (maxItems, items, resume) => {
    const { whole } = await run(three, simple, { maxItems })
    expect(whole).toEqual(resume === undefined ? { Items: items } : { Items: items, NextToken: token(resume) })
  })

  test('and gone on with, within a page', async () => {
    const startingToken = token('{"Marker": "m1", "boto_truncate_amount": 1}')
    const { whole, inputs } = await run(three.slice(1), simple, { startingToken, maxItems: 1 })
    expect(whole).toEqual({ Items: ['d'], NextToken: token('{"Marker": "m2"}') })
    expect(inputs[0]).toEqual({ Marker: 'm1' })
  })

  test('twice within one page', async () => {
    const page = [{ Items: ['a', 'b', 'c', 'd'] }]
    const first = await run(page, simple, { maxItems: 1 })
    const second = await run(page, simple, { maxItems: 1, startingToken: first.resume })
    expect(second.whole).toEqual({ Items: ['b'], NextToken: token('{"Marker": null, "boto_truncate_amount": 2}') })
  })

  test('other results were given with the first part', async () => {
    const startingToken = token('{"Marker": null, "boto_truncate_amount": 1}')
    const paginator = { ...simple, result_key: ['Items', 'Inner.Items', 'Sum', 'Note'] }
    const { whole } = await run([{ Items: ['a', 'b'], Inner: { Items: ['x'] }, Sum: 3, Note: 'n' }], paginator, {
      startingToken,
    })
    expect(whole).toEqual({ Items: ['b'], Inner: { Items: [] }, Sum: 3, Note: '' })
  })

  test('page size', async () => {
    expect((await run(three, simple, { pageSize: '7' })).inputs[1]).toEqual({ Limit: 7, Marker: 'm1' })
    expect(run(three, { ...simple, limit_key: undefined }, { pageSize: 7 })).rejects.toMatchObject({
      kind: 'Pagination',
    })
  })
})

describe('tokens', () => {
  test('of AWS CLI, bytes and all', () => {
    const tokens = { Key: { a: { B: new Uint8Array([0, 1]) } } }
    const written = writeToken({ ...tokens, boto_truncate_amount: 1 })
    expect(Buffer.from(written, 'base64').toString()).toBe(
      '{"Key": {"a": {"B": "AAE="}}, "boto_truncate_amount": 1, "boto_encoded_keys": [["Key", "a", "B"]]}',
    )
    expect(readToken(written, ['Key'])).toEqual({ tokens, skip: 1 })
  })
  const old: [string, string[], object][] = [
    ['abc', ['M'], { tokens: { M: 'abc' }, skip: 0 }],
    ['abc___2', ['M'], { tokens: { M: 'abc' }, skip: 2 }],
    ['None___2', ['M'], { tokens: { M: null }, skip: 2 }],
    ['a___x', ['M', 'N'], { tokens: { M: 'a', N: 'x' }, skip: 0 }],
    ['MTIz', ['M'], { tokens: { M: 'MTIz' }, skip: 0 }],
  ]
  test.each(old)('of before: %s', (written, names, expected) =>
    expect(readToken(written, names)).toEqual(expected as never),
  )
  test('too many parts', () => expect(() => readToken('a___b___c', ['M'])).toThrow('Bad starting token: a___b___c'))
})
