import { describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pager, pagerCommand } from './pager.ts'
import { openOutput } from './sink.ts'

describe('the pager is', () => {
  const cases: readonly (readonly [Record<string, string>, string | undefined, string])[] = [
    [{}, undefined, 'less'],
    [{ PAGER: 'more' }, undefined, 'more'],
    [{ PAGER: 'more' }, 'most -s', 'most -s'],
    [{ PAGER: 'more', AWS_PAGER: 'bat' }, 'most', 'bat'],
    [{ PAGER: 'more', AWS_PAGER: '' }, 'most', ''],
    [{ PAGER: 'more' }, '', ''],
  ]
  for (const [env, configured, command] of cases) {
    test(`${command || 'none'}: ${JSON.stringify(env)} ${configured ?? ''}`, () => {
      expect(pagerCommand(env, configured)).toBe(command)
    })
  }
})

describe('a pager', () => {
  function inScratch(run: (file: string) => Promise<void>): () => Promise<void> {
    return async () => {
      const folder = mkdtempSync(join(tmpdir(), 'pager-'))
      try {
        await run(join(folder, 'out'))
      } finally {
        rmSync(folder, { recursive: true })
      }
    }
  }

  test(
    'is handed everything, and LESS',
    inScratch(async (file) => {
      const pager = new Pager(`sh -c 'echo $LESS > "$0"; cat >> "$0"' ${file}`, { PATH: process.env.PATH })
      expect(pager.write('one\n')).toBe(true)
      pager.write('two\n')
      await pager.close()
      expect(readFileSync(file, 'utf8')).toBe('FRX\none\ntwo\n')
    }),
  )

  test('is the one to hear Ctrl-C until it ends, and nobody else', async () => {
    let heard = 0
    const listener = (): void => void heard++
    process.on('SIGINT', listener)
    try {
      const pager = new Pager(`sh -c 'kill -INT ${process.pid}; cat > /dev/null'`, { PATH: process.env.PATH })
      pager.write('one')
      await pager.close()
      expect(heard).toBe(0)
      const again = new Promise((resolve) => process.once('SIGINT', resolve))
      process.kill(process.pid, 'SIGINT')
      await again
      expect(heard).toBe(1)
    } finally {
      process.off('SIGINT', listener)
    }
  })

  test('may be quit early', async () => {
    const pager = new Pager('true', { PATH: process.env.PATH })
    for (let i = 0; i < 100; i++) pager.write('x'.repeat(10_000))
    await pager.close()
  })

  test('that is not there is one clear error', async () => {
    const pager = new Pager('no-such-pager -x', { PATH: process.env.PATH })
    const text =
      'Unable to redirect output to pager. Received the following error when opening pager:\n' +
      "[Errno 2] No such file or directory: 'no-such-pager'\n\n" +
      'Learn more about configuring the output pager by running "aws help config-vars".'
    expect(() => pager.write('one')).toThrow(text)
  })

  test('that nothing is written to is not started', async () => {
    await new Pager('no-such-pager', {}).close()
  })
})

describe('output', () => {
  const stdout = (terminal: boolean, written: string[]) => ({
    terminal,
    columns: 100,
    write: (text: string | Uint8Array) => written.push(String(text)) > 0,
  })

  test('goes to stdout where that is no terminal, whatever pager is set', async () => {
    const written: string[] = []
    const output = openOutput({ stdout: stdout(false, written), env: {} }, { color: 'auto', pager: true })
    expect(output.sink.write('x')).toBe(true)
    await output.close()
    expect(written).toEqual(['x'])
    expect(output.sink.color).toBe(false)
  })

  test('is coloured on a terminal, or where asked for', () => {
    const color = (terminal: boolean, setting: 'on' | 'off' | 'auto') =>
      openOutput({ stdout: stdout(terminal, []), env: {} }, { color: setting, pager: false }).sink.color
    expect([color(true, 'auto'), color(true, 'off'), color(false, 'on'), color(false, 'auto')]).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  test('on a terminal goes to the pager, unless there is to be none', () => {
    const options = { color: 'auto', pager: true } as const
    const sinkWith = (env: Record<string, string>, pager: boolean) =>
      openOutput({ stdout: stdout(true, []), env }, { ...options, pager }).sink
    expect(() => sinkWith({ AWS_PAGER: 'no-such-pager' }, true).write('x')).toThrow('no-such-pager')
    expect(sinkWith({ AWS_PAGER: 'no-such-pager' }, false).write('x')).toBe(true)
    expect(sinkWith({ AWS_PAGER: '' }, true).write('x')).toBe(true)
  })
})
