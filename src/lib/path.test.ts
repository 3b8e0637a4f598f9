import { expect, test } from 'bun:test'
import { posix } from 'node:path'
import { dirname, join } from './path.ts'

const cases = [
  ['/home/me', '.aws', 'config'],
  ['/home/me/', '.aws'],
  ['/', '.aws', 'models'],
  ['models', 'sts'],
  ['../models', 'sts', '2011-06-15'],
  ['', 'sts'],
  ['/home/me', 'a/b'],
  ['C:\\Users\\me', '.aws'],
]

test.each(cases)('%p … is joined as node:path joins', (...parts) => {
  const [folder, ...names] = parts
  expect(join(folder!, ...names)).toBe(posix.join(...parts))
})

test.each(['/home/me/.aws/config', '/config', 'a/b', 'config'])('the folder of %p', (path) => {
  expect(dirname(path)).toBe(posix.dirname(path))
})
