import { afterAll, describe, expect, test } from 'bun:test'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseIni } from '../../lib/ini.ts'
import { writeSection } from './write.ts'

const folder = mkdtempSync(join(tmpdir(), 'virga-write-'))
afterAll(() => rmSync(folder, { recursive: true }))
const read = (path: string) => readFileSync(path, 'utf8')

describe('writeSection', () => {
  test('makes the folder and a file only its owner can read', async () => {
    const path = join(folder, 'new', '.aws', 'credentials')
    await writeSection(path, 'default', { aws_access_key_id: 'AKID' })
    expect(read(path)).toBe('[default]\naws_access_key_id = AKID\n')
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('keeps the mode and the link of a file that is there', async () => {
    const path = join(folder, 'real')
    const link = join(folder, 'link')
    writeFileSync(path, '# mine\n[default]\n')
    chmodSync(path, 0o640)
    symlinkSync(path, link)
    await writeSection(link, 'default', { region: 'eu-west-1' })
    expect(read(path)).toBe('# mine\n[default]\nregion = eu-west-1\n')
    expect(statSync(path).mode & 0o777).toBe(0o640)
  })

  test.each(['a\nb', 'a\rb'])('refuses %j, and does not show it', async (value) => {
    const path = join(folder, 'refused')
    expect(writeSection(path, 'default', { aws_secret_access_key: value })).rejects.toMatchObject({
      kind: 'InvalidValue',
      message: 'Invalid value for key aws_secret_access_key: newline characters and carriage returns are not allowed.',
    })
    expect(existsSync(path)).toBe(false)
  })

  test('a lock left by a process that died is taken over', async () => {
    const path = join(folder, 'stale')
    writeFileSync(`${path}.lock`, '')
    utimesSync(`${path}.lock`, 1, 1)
    await writeSection(path, 'default', { k: 'v' })
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  test('processes that write at once lose none of each other’s lines', async () => {
    const path = join(folder, 'many')
    const script = `import { writeSection } from ${JSON.stringify(join(import.meta.dir, 'write.ts'))}
      for (let i = 0; i < 5; i++) await writeSection(process.argv[1], 'profile p' + process.argv[2], { ['k' + i]: 'v' })`
    const children = [...Array(6).keys()].map((n) => Bun.spawn([process.execPath, '-e', script, path, String(n)]))
    expect(await Promise.all(children.map((child) => child.exited))).toEqual([0, 0, 0, 0, 0, 0])
    const sections = parseIni(read(path))
    expect([...sections.keys()].sort()).toEqual([...Array(6).keys()].map((n) => `profile p${n}`))
    for (const keys of sections.values()) expect(Object.keys(keys)).toHaveLength(5)
    expect(readdirSync(folder).filter((name) => name.startsWith('many'))).toEqual(['many'])
  })
})
