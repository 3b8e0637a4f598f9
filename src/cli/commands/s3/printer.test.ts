import { expect, test } from 'bun:test'
import type { Job } from '../../../transfer/entry.ts'
import { Printer } from './printer.ts'

const job: Job = {
  action: 'upload',
  entry: { side: 'local', path: '/a', name: 'a', size: 10 << 20 },
  target: 'bucket/a',
  moves: false,
}

/** What is written of one transfer in ten steps, at a terminal as wide as this. */
function written(columns?: number): string[] {
  const lines: string[] = []
  let time = 0
  const printer = new Printer({
    verbosity: 'progress',
    ...(columns !== undefined && { columns: () => columns }),
    write: (text) => lines.push(text),
    warn: () => {},
    now: () => (time += 100),
    locate: () => 'a to b',
    errorText: String,
  })
  printer.queued(job)
  for (let step = 0; step < 10; step++) printer.progress(job, 1 << 20)
  printer.allQueued()
  printer.done(job)
  return lines
}

test('a progress line ends before the edge of the terminal, and is written over whole', () => {
  for (const columns of [20, 40, 80]) {
    const lines = written(columns)
    expect(lines.length).toBeGreaterThan(5)
    const shown = lines.map((line) => line.slice(0, -1).length)
    expect(Math.max(...shown)).toBeLessThan(columns)
    expect(lines.at(-1)).toBe(`${'upload: a to b'.padEnd(shown.at(-2)!)}\n`)
  }
})

test('where there is no terminal it is as long as it is', () =>
  expect(written()[0]).toMatch(
    /^Completed 1\.0 MiB\/~10\.0 MiB \(.* with ~1 file\(s\) remaining \(calculating\.\.\.\)\r$/,
  ))
