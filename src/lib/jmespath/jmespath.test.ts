import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { parseJson } from '../json.ts'
import { repr } from '../python.ts'
import { type Value } from '../value.ts'
import recorded from './jmespath.cases.json'
import { compile, JmesPathError, search } from './jmespath.ts'

const vectors = `${process.env.VIRGA_SHARED ?? `${import.meta.dir}/../../../../shared`}/vectors/jmespath`

interface Suite {
  given: Value
  cases: { expression: string; result?: unknown; error?: string; bench?: string }[]
}

function outcome(expression: string, data: Value): readonly [string, string] {
  try {
    return ['ok', repr(search(expression, data))]
  } catch (error) {
    if (!(error instanceof JmesPathError)) throw error
    return ['error', error.message]
  }
}

describe('the JMESPath compliance suite', () => {
  if (!existsSync(vectors)) {
    console.log(`skipped: no JMESPath compliance suite at ${vectors}`)
    test.skip('not here', () => {})
    return
  }
  for (const file of readdirSync(vectors).filter((name) => name.endsWith('.json') && name !== 'benchmarks.json')) {
    test(file, () => {
      const text = readFileSync(`${vectors}/${file}`, 'utf8')
      for (const suite of parseJson(text, { wire: true }) as unknown as Suite[]) {
        for (const { expression, result, error } of suite.cases) {
          if (error === undefined) {
            const plain = JSON.stringify(search(expression, suite.given))
            expect({ expression, result: JSON.parse(plain) }).toEqual({
              expression,
              result: JSON.parse(JSON.stringify(result)),
            })
          } else expect(() => search(expression, suite.given), expression).toThrow(JmesPathError)
        }
      }
    })
  }
})

describe('jmespath.py', () => {
  const data = parseJson(recorded.data, { wire: true })
  for (const [expression = '', kind = '', text = ''] of recorded.cases) {
    test(JSON.stringify(expression), () => {
      expect(outcome(expression, data)).toEqual([kind, text])
    })
  }
})

describe('laws', () => {
  test('the data is left as it is', () => {
    const data = parseJson(recorded.data, { wire: true })
    const before = repr(data)
    for (const expression of ['sort(nums)', 'reverse(nested)', 'sort_by(list, &v)', 'merge(b.z, b)', 'nested[]']) {
      search(expression, data)
    }
    expect(repr(data)).toBe(before)
  })

  test('an expression means the same every time it is used', () => {
    const query = compile('list[?v > `1`].n')
    const data = parseJson(recorded.data, { wire: true })
    expect(query(data)).toEqual(query(data))
  })

  test('any text compiles or is refused, and never overflows the stack', () => {
    const parts = fc.constantFrom(
      '(',
      ')',
      '[',
      ']',
      '[?',
      '{',
      '}',
      '.',
      '*',
      '|',
      '&',
      '!',
      'a',
      '`',
      '"',
      "'",
      '\\',
      ' ',
      '1',
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (list) => {
        outcome(list.join(''), { a: [{ a: 1 }] })
      }),
    )
    for (const one of ['(', '[', '!', '&', 'a.', 'a[', '{a:', 'a||', 'a|', '[?', '`[', 'f(']) {
      expect(() => search(one.repeat(100_000), null)).toThrow(JmesPathError)
    }
    expect(() => search(`a${'|a'.repeat(100_000)}`, null)).toThrow('maximum recursion depth exceeded')
    expect(() => search('!'.repeat(900) + 'a', null)).not.toThrow()
  })

  test('members of Object.prototype are not data', () => {
    expect(search('constructor', {})).toBeNull()
    expect(search('__proto__', {})).toBeNull()
    expect(repr(search('{"__proto__": a}', { a: 1 }))).toBe("{'__proto__': 1}")
    expect(() => search('toString(@)', {})).toThrow('Unknown function: toString()')
  })
})
