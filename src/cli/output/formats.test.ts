import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { compile } from '../../lib/jmespath/jmespath.ts'
import { Failure } from '../../lib/errors.ts'
import { parseJson } from '../../lib/json.ts'
import { NaiveDate } from '../../lib/python.ts'
import { asOrderedMap, Float, withKeyOrder, type Structure, type Value } from '../../lib/value.ts'
import recorded from './formats.cases.json'
import { formatNames, formatOf } from './formats.ts'
import type { Result, Sink } from './formatter.ts'
import { jsonText } from './json.ts'
import { tableText } from './table.ts'
import { plainText } from './text.ts'
import { yamlText } from './yaml.ts'

function sinkInto(pieces: string[], open = Infinity): Sink {
  return {
    write: (text) => pieces.push(text) < open,
    terminal: false,
    columns: 80,
    color: false,
  }
}

async function* each<T>(values: readonly T[]): AsyncIterable<T> {
  yield* values
}

function single(value: Value): Result {
  const structure = value as Structure
  return {
    operation: 'ListThings',
    pages: each([structure]),
    whole: async () => structure,
    paginated: false,
    resumeToken: () => undefined,
  }
}

async function printed(format: string, result: Result, query?: string): Promise<string | { error: string }> {
  const pieces: string[] = []
  try {
    await (await formatOf(format)).write(result, query === undefined ? undefined : compile(query), sinkInto(pieces))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { error: error.message }
  }
  return pieces.join('')
}

describe('the reference prints the same', () => {
  for (const { value, query, out } of recorded.cases) {
    const name = query === null ? value : `${query} of ${value}`
    for (const [format, text] of Object.entries(out)) {
      test(`${format}: ${name.slice(0, 100)}`, async () => {
        const data = parseJson(value, { wire: true }) as Value
        expect(await printed(format, single(data), query ?? '@')).toEqual(text)
      })
    }
  }
})

describe('an operation that answers nothing', () => {
  for (const format of formatNames) {
    test(`prints nothing as ${format}`, async () => expect(await printed(format, single({}))).toBe(''))
  }
})

describe('pages', () => {
  const pages = (): Result => ({
    operation: 'ListObjectVersions',
    pages: each<Structure>([
      { IsTruncated: true, Name: 'bkt', Prefix: '', Versions: [{ Key: 'k1' }], DeleteMarkers: [{ Key: 'd1' }] },
      { IsTruncated: false, Name: 'bkt', Prefix: '', Versions: [{ Key: 'k2' }] },
    ]),
    whole: async () => ({ Versions: [{ Key: 'k1' }, { Key: 'k2' }], DeleteMarkers: [{ Key: 'd1' }], Prefix: '' }),
    paginated: true,
    paging: {
      resultKeys: ['Versions', 'DeleteMarkers', 'CommonPrefixes'],
      nonAggregateKeys: ['Name', 'KeyMarker', 'Prefix'],
    },
    resumeToken: () => 'eyJL',
  })
  const cases: readonly (readonly [format: string, query: string | undefined, text: string])[] = [
    [
      'text',
      undefined,
      'None\tNone\tbkt\t\nDELETEMARKERS\td1\nVERSIONS\tk1\nNone\tNone\nVERSIONS\tk2\nNEXTTOKEN\teyJL\n',
    ],
    ['text', 'Versions[].Key', 'k1\nk2\nNone\n'],
    ['text', 'NextToken.NextToken', 'None\nNone\neyJL\n'],
    [
      'yaml-stream',
      undefined,
      "- DeleteMarkers:\n  - Key: d1\n  IsTruncated: true\n  Name: bkt\n  Prefix: ''\n  Versions:\n  - Key: k1\n" +
        "- IsTruncated: false\n  Name: bkt\n  Prefix: ''\n  Versions:\n  - Key: k2\n",
    ],
    ['yaml-stream', 'Versions', '- - Key: k1\n- - Key: k2\n'],
    ['yaml-stream', 'missing', '- null\n- null\n'],
    ['json', 'Versions[].Key', '[\n    "k1",\n    "k2"\n]\n'],
    ['off', undefined, ''],
  ]
  for (const [format, query, text] of cases) {
    test(`${format} ${query ?? ''}`, async () => expect(await printed(format, pages(), query)).toBe(text))
  }

  test('a result key inside a member keeps its path', async () => {
    const distributions: Result = {
      ...pages(),
      pages: each<Structure>([{ DistributionList: { Items: [{ Id: 'E1' }], Marker: '' } }]),
      paging: { resultKeys: ['DistributionList.Items'], nonAggregateKeys: [] },
      resumeToken: () => undefined,
    }
    expect(await printed('text', distributions)).toBe('ITEMS\tE1\n')
  })

  test('no page is asked for once nobody reads', async () => {
    for (const format of ['text', 'yaml-stream']) {
      const pieces: string[] = []
      await (await formatOf(format)).write(pages(), undefined, sinkInto(pieces, 1))
      expect(pieces).toHaveLength(1)
    }
  })

  test('off fetches them all', async () => {
    let read = 0
    const counted = (async function* () {
      for (const page of [{}, {}, {}]) {
        read++
        yield page
      }
    })()
    await (await formatOf('off')).write({ ...pages(), pages: counted }, undefined, sinkInto([]))
    expect(read).toBe(3)
  })
})

describe('values that JSON text cannot hold', () => {
  test('bytes', () => {
    const bytes = new Uint8Array([104, 105, 0, 255])
    expect(jsonText({ b: bytes })).toBe('{\n    "b": "aGkA/w=="\n}')
    expect(plainText({ b: bytes })).toBe("b'hi\\x00\\xff'\n")
    expect(yamlText({ b: bytes })).toBe('b: !!binary |\n  aGkA/w==\n')
    expect(yamlText([bytes])).toBe('- !!binary |\n  aGkA/w==\n')
    expect(yamlText({ x: new Uint8Array(60) })).toBe(`x: !!binary |\n  ${'A'.repeat(76)}\n  AAAA\n`)
  })

  test('moments', () => {
    const moment = new Date('2026-01-02T03:04:05.678Z')
    expect(jsonText(moment)).toBe('"2026-01-02T03:04:05.678000+00:00"')
    expect(plainText(moment)).toBe('2026-01-02 03:04:05.678000+00:00\n')
    const naive = new NaiveDate(0)
    expect(jsonText(naive)).toBe('"1970-01-01T00:00:00"')
    expect(plainText(naive)).toBe('1970-01-01 00:00:00\n')
    expect(yamlText({ at: naive })).toBe('at: 1970-01-01 00:00:00\n')
  })

  test('numbers beyond', () => {
    expect(jsonText([new Float(NaN), new Float(-Infinity), 2n ** 70n])).toBe(
      '[\n    NaN,\n    -Infinity,\n    1180591620717411303424\n]',
    )
    expect(yamlText([new Float(NaN), new Float(Infinity), new Float(-Infinity), -0.5])).toBe(
      '- .nan\n- .inf\n- -.inf\n- -0.5\n',
    )
  })

  test('keys keep the order they came in', () => {
    const map = withKeyOrder({ '2': 'b', '10': 'a', x: 'c' }, ['x', '10', '2'])
    expect(jsonText(map)).toBe('{\n    "x": "c",\n    "10": "a",\n    "2": "b"\n}')
    expect(yamlText(map)).toBe("'10': a\n'2': b\nx: c\n")
  })

  test('ordered maps in YAML', () => {
    const map = asOrderedMap<Structure>({ z: 1, b: { c: [1] }, a: asOrderedMap({}) })
    expect(yamlText({ t: map })).toBe('t: !!omap\n- z: 1\n- b:\n    c:\n    - 1\n- a: !!omap []\n')
    expect(yamlText([map])).toBe('- !!omap\n  - z: 1\n  - b:\n      c:\n      - 1\n  - a: !!omap []\n')
  })

  test('a member without a value is not there', async () => {
    const value: Structure = { a: undefined, b: [{ c: 1, d: undefined }, { d: null }] }
    expect(jsonText(value)).toBe(jsonText({ b: [{ c: 1 }, { d: null }] }))
    expect(plainText(value)).toBe('B\t1\t\nB\t\tNone\n')
    expect(yamlText(value)).toBe('b:\n- c: 1\n- d: null\n')
    const screen = { columns: 80, color: false }
    expect(tableText('T', value, screen)).toBe(tableText('T', { b: [{ c: 1 }, { d: null }] }, screen))
    expect(await printed('json', single({ a: undefined }))).toBe('')
  })

  test('an expression is not a value', async () => {
    expect(await printed('json', single({}), '&a')).toEqual({ error: 'Encountered unrecognized type in JSON encoder.' })
    const name = '<jmespath.visitor._Expression object>'
    expect(await printed('yaml', single({}), '&a')).toEqual({ error: `cannot represent an object: ${name}` })
    expect(await printed('text', single({}), '&a')).toBe(`${name}\n`)
  })
})

describe('tables on a terminal', () => {
  const value: Value = { L: [{ a: 1, b: [{ c: 2 }] }] }
  const yellow = '\x1b[2m\x1b[33m|\x1b[0m'
  const blue = (text: string) => `\x1b[1m\x1b[34m${text}\x1b[0m`

  test('are coloured', () => {
    expect(tableText('ListThings', value, { columns: 80, color: true })).toBe(
      '------------\n|ListThings|\n+----------+\n' +
        `${yellow}|    L   |${yellow}\n${yellow}+--------+${yellow}\n${yellow}|    a   |${yellow}\n` +
        `${yellow}+--------+${yellow}\n${yellow}|  ${blue('1')}     |${yellow}\n${yellow}+--------+${yellow}\n` +
        `${yellow}${yellow}|   b  |${yellow}${yellow}\n${yellow}${yellow}+------+${yellow}${yellow}\n` +
        `${yellow}${yellow}|   c  |${yellow}${yellow}\n${yellow}${yellow}+------+${yellow}${yellow}\n` +
        `${yellow}${yellow}|  ${blue('2')}   |${yellow}${yellow}\n${yellow}${yellow}+------+${yellow}${yellow}\n`,
    )
  })

  test('switch colours off after each piece when written to stdout itself', () => {
    const off = '\x1b[0m'
    expect(tableText('ListTables', { TableNames: ['a'] }, { columns: 80, color: true, resets: true })).toBe(
      `--------------\n${off}${off}| ListTables |${off}${off}\n${off}${off}+------------+${off}${off}\n` +
        `${off}${yellow}${off}|TableNames|${off}${yellow}${off}\n${off}${yellow}${off}+----------+${off}${yellow}${off}\n` +
        `${off}${yellow}${off}|  ${blue('a')}       |${off}${yellow}${off}\n` +
        `${off}${yellow}${off}+----------+${off}${yellow}${off}\n${off}`,
    )
  })

  test('stand upright where they do not fit', () => {
    const wide: Value = { Name: 'x'.repeat(30), Id: '1' }
    expect(tableText('T', wide, { columns: 30, color: false })).toContain('|  Id  |  1')
    expect(tableText('T', wide, { columns: 80, color: false })).toContain('|  1 |  xxx')
  })
})

describe('laws', () => {
  const values = fc.letrec<{ any: Value }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<Value>(null, true, false, 0, 1, -7, '', 'a', 'yes', '1.5', 'a\nb', 'é 日本', '\u{1f600}'),
      fc.string({ unit: 'grapheme' }),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 8 }), tie('any'), { maxKeys: 3 }),
    ),
  })).any

  test('JSON reads back', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('YAML reads back', async () => {
    const { parse } = await import('yaml')
    fc.assert(
      fc.property(values, (value) => {
        expect(parse(yamlText(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('every line of a table is as wide as the first', () => {
    const words = fc.array(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), fc.stringMatching(/^[ -~]{0,30}$/), { minKeys: 1 }),
      { minLength: 1 },
    )
    fc.assert(
      fc.property(words, (records) => {
        const lines = tableText('Things', records, { columns: 10_000, color: false }).trimEnd().split('\n')
        for (const line of lines) expect(line.length).toBe(lines[0]!.length)
      }),
    )
  })
})
