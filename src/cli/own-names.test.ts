// Words that begin commands of our own stand beside the tables for quickness: do they agree?

import { expect, test } from 'bun:test'
import { commands } from './commands/table.ts'
import { unbuilt } from './commands/unbuilt.ts'
import { isOwn, ownNames } from './own-names.ts'

const paths = [...Object.keys(commands), ...Object.keys(unbuilt)]
const parentOf = (path: string): string => path.split(' ').slice(0, -1).join(' ')

test.each(Object.keys(commands))('%s is one of our own', async (path) => {
  expect(await isOwn(path)).toBe(true)
  expect(await isOwn(path.split(' ')[0]!)).toBe(true)
})

test.each(paths)('%s is named below what it stands under', async (path) => {
  expect(await ownNames(parentOf(path))).toContain(path.split(' ').at(-1)!)
})

test('an operation is none', async () => {
  expect(await isOwn('ec2 describe-instances')).toBe(false)
  expect(await ownNames('ec2')).toEqual([])
})
