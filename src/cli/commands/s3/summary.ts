// What came of the transfers, in a few lines: for --summarize.
//
//   upload 12, delete 3: 3.4 MiB in 2 s
//   skipped 2: 1 unreadable, 1 archived
//   failed 1

import type { Skip } from '../../../transfer/entry.ts'
import { durationText } from './printer.ts'
import { sizeText } from './sizes.ts'
import type { Tally } from './telling.ts'

const reasons: Readonly<Record<Skip, string>> = {
  missing: 'not there',
  special: 'no plain file',
  unreadable: 'unreadable',
  archived: 'archived',
  outside: 'outside the folder',
  exists: 'there already',
  case: 'differing by case only',
  done: 'done before',
}

export function summaryText({ done, skipped, failed, bytes }: Tally, seconds: number): string {
  const moved = Object.entries(done).map(([kind, count]) => `${kind} ${count}`)
  const lines = [
    `${moved.length > 0 ? moved.join(', ') : 'nothing to do'}: ${sizeText(bytes)} in ${durationText(seconds)}`,
  ]
  const passed = Object.entries(skipped) as [Skip, number][]
  if (passed.length > 0) {
    const total = passed.reduce((sum, [, count]) => sum + count, 0)
    lines.push(`skipped ${total}: ${passed.map(([why, count]) => `${count} ${reasons[why]}`).join(', ')}`)
  }
  if (failed > 0) lines.push(`failed ${failed}`)
  return `${lines.join('\n')}\n`
}
