// Wrong programs do not compile, and the compiler says what is wrong: library-types.cases.ts, a line each, by both
// compilers in one run each.

import { describe, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mistakes } from './library-types.cases.ts'
import { compilers, consumer, errorsOf } from './witnesses/consumer.ts'

const found = consumer()
if ('missing' in found) console.log(`skipped: ${found.missing}`)
const folder = 'found' in found ? found.found.folder : ''

const head = [
  `import { aws } from 'virga'`,
  `import { documents } from 'virga/documents'`,
  `const [s3, dynamodb, error] = [aws.s3(), aws.dynamodb(), {} as unknown]`,
]
const lines = [...head, ...mistakes.map(({ code }) => `export async function _() { ${code} }`), 'void documents'].map(
  (line, index) => line.replace('function _', `function line${index + 1}`),
)

describe.skipIf(!('found' in found)).each(Object.entries(compilers()))('%s', (_, compiler) => {
  if (folder !== '') writeFileSync(join(folder, 'wrong.ts'), `${lines.join('\n')}\n`)
  const errors = folder === '' ? [] : errorsOf(compiler, folder, ['wrong.ts'])

  test.each(mistakes)('$what', ({ code, says }) => {
    const line = lines.findIndex((each) => each.includes(code)) + 1
    expect(
      errors
        .filter((error) => error.line === line)
        .map(({ text }) => text)
        .join('\n'),
    ).toMatch(says)
  })

  test('nothing else is complained of', () => {
    expect(errors.filter(({ line }) => line <= head.length || line > head.length + mistakes.length)).toEqual([])
  })
})
