// `virga shim`: an aws on the path that is this program. Somebody else's aws is never touched.

import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Home, noProgram, virga } from './program.ts'

setDefaultTimeout(60_000)

if (noProgram !== undefined) console.log(`SKIPPED: ${noProgram}`)
const home = new Home()
afterAll(() => home.remove())

function folder(name: string): string {
  const path = join(home.folder, name)
  mkdirSync(path, { recursive: true })
  return path
}

/** Another program of that name. */
function foreign(path: string): string {
  writeFileSync(path, '#!/bin/sh\necho the other\n')
  chmodSync(path, 0o755)
  return path
}

const withPath = (...folders: string[]) => ({ env: { PATH: [...folders, '/usr/bin', '/bin'].join(':') } })

describe.skipIf(noProgram !== undefined || process.platform === 'win32')('shim', () => {
  test('install, use, status, uninstall', () => {
    const bin = folder('bin')
    const path = withPath(bin)
    const installed = home.run(['shim', 'install'], path)
    expect([installed.exit, installed.stderr]).toEqual([0, ''])
    expect(installed.stdout).toContain(`${bin}/aws is virga now`)
    const asAws = Bun.spawnSync([join(bin, 'aws'), '--version'], { env: home.env() })
    expect(asAws.stdout.toString()).toStartWith('aws-cli/2.')
    expect(JSON.parse(home.run(['shim', 'status'], path).stdout)).toMatchObject({ Aws: `${bin}/aws`, IsVirga: true })
    // Twice is no mistake.
    expect(home.run(['shim', 'install'], path).exit).toBe(0)
    const removed = home.run(['shim', 'uninstall'], path)
    expect(removed.stdout).toBe(`Removed ${bin}/aws\nRemoved ${bin}/aws_completer\nThere is no aws on the PATH now.\n`)
    expect([existsSync(join(bin, 'aws')), existsSync(virga[0]!)]).toEqual([false, true])
    expect(home.run(['shim', 'uninstall'], path).stdout).toBe('There is no shim of ours to remove.\n')
  })

  test('the completer completes', () => {
    const bin = folder('completing')
    home.run(['shim', 'install', '--dir', bin])
    const asked = Bun.spawnSync([join(bin, 'aws_completer')], {
      env: home.env({ COMP_LINE: 'aws sts get-cal', COMP_POINT: '15' }),
    })
    expect(asked.stdout.toString().trim()).toBe('get-caller-identity')
  })

  test("somebody else's aws stays as it is", () => {
    const bin = folder('taken')
    const other = foreign(join(bin, 'aws'))
    const { exit, stdout, stderr } = home.run(['shim', 'install', '--dir', bin])
    expect([exit, stdout]).toEqual([253, ''])
    expect(stderr).toContain(`${other} is there and is not ours: nothing was changed`)
    expect(existsSync(join(bin, 'aws_completer'))).toBe(false)
    expect(home.run(['shim', 'uninstall', '--dir', bin]).stdout).toBe('There is no shim of ours to remove.\n')
    expect(readFileSync(other, 'utf8')).toContain('the other')
  })

  test('nor is a completer of somebody else overwritten', () => {
    const bin = folder('half')
    foreign(join(bin, 'aws_completer'))
    expect(home.run(['shim', 'install', '--dir', bin]).exit).toBe(253)
    expect(existsSync(join(bin, 'aws'))).toBe(false)
  })

  test('says which aws comes first, and which it hides', () => {
    const [first, second] = [folder('first'), folder('second')]
    foreign(join(second, 'aws'))
    expect(home.run(['shim', 'install', '--dir', first], withPath(first, second)).stdout).toContain(
      `It hides ${second}/aws.`,
    )
    const behind = home.run(['shim', 'install', '--dir', folder('third')], withPath(second, folder('third')))
    expect(behind.stdout).toContain(`${second}/aws comes before it`)
    expect(JSON.parse(home.run(['shim', 'status'], withPath(second, first)).stdout)).toEqual({
      Aws: `${second}/aws`,
      IsVirga: false,
      OnPath: [
        { File: `${second}/aws`, IsVirga: false },
        { File: `${first}/aws`, IsVirga: true },
      ],
    })
  })

  test('a folder that is not on the path, and one that cannot be written to', () => {
    expect(home.run(['shim', 'install', '--dir', folder('aside')]).stdout).toContain(
      'is not on your PATH: export PATH=',
    )
    const file = join(home.folder, 'file')
    writeFileSync(file, '')
    expect(home.run(['shim', 'install', '--dir', join(file, 'bin')]).exit).toBe(253)
  })

  test('a link of an older program that is gone is ours', () => {
    const bin = folder('old')
    symlinkSync('/opt/gone/virga', join(bin, 'aws'))
    expect(home.run(['shim', 'install', '--dir', bin]).exit).toBe(0)
    expect(Bun.spawnSync([join(bin, 'aws'), '--version'], { env: home.env() }).exitCode).toBe(0)
  })
})
