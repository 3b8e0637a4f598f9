import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'bun:test'
import type { Keychain } from '../../keychain.ts'
import { builtModels, ran } from '../../outside.fixture.ts'
import { homeWith, keysOf, noEnvironment } from '../home.fixture.ts'

const models = builtModels()
if (models === undefined) console.log('skipped: there is no build/models.bin')

describe.skipIf(models === undefined)('keys', () => {
  const machine = (files: Record<string, string>, broken: Partial<Keychain> = {}) => {
    const home = homeWith(files)
    const kept = new Map<string, string>()
    const keychain: Keychain = {
      get: async (name) => kept.get(name),
      set: async (name, value) => void kept.set(name, value),
      delete: async (name) => void kept.delete(name),
      ...broken,
    }
    const run = async (...argv: string[]) =>
      ran({ argv, env: noEnvironment, home: home.path, keychain, models: await models })
    const file = (name: string): string => readFileSync(join(home.path, '.aws', name), 'utf8')
    return { run, file, kept, remove: home.remove }
  }

  test('to the keychain, out of it, and back', async () => {
    const { run, file, kept, remove } = machine({
      '.aws/credentials': `# mine\n[a b]\n${keysOf('AKIAMINE')}region = eu-west-1\n[other]\n${keysOf('AKIAOTHER')}`,
      '.aws/config': "[profile 'a b']\noutput = json\n",
    })
    const moved = await run('keys', 'move', '--profile', 'a b')
    expect(moved.exit).toBe(0)
    expect(moved.stdout).not.toContain('SECRET')
    expect(file('credentials')).toBe(`# mine\n[a b]\nregion = eu-west-1\n[other]\n${keysOf('AKIAOTHER')}`)
    expect(file('config')).toMatch(/^\[profile 'a b'\]\noutput = json\ncredential_process = .* keys print 'a b'\n$/)
    expect((await run('keys', 'print', 'a b')).stdout).toBe(
      '{\n  "Version": 1,\n  "AccessKeyId": "AKIAMINE",\n  "SecretAccessKey": "SECRETAKIAMINE"\n}\n',
    )
    expect((await run('keys', 'move', '--profile', 'a b')).stderr).toContain('has a credential_process already')

    expect((await run('keys', 'restore', '--profile', 'a b')).exit).toBe(0)
    expect(file('credentials')).toContain('aws_access_key_id = AKIAMINE\naws_secret_access_key = SECRETAKIAMINE\n')
    expect(file('config')).toBe("[profile 'a b']\noutput = json\n")
    expect(kept.size).toBe(0)
    remove()
  })

  test.each([
    ['a session ends by itself', `[default]\n${keysOf('ASIA')}aws_session_token = t\n`, 'those of a session'],
    ['there are none', '[default]\nregion = x\n', 'has no long-term keys in a file'],
  ])('%s', async (_, credentials, text) => {
    const { run, file, remove } = machine({ '.aws/credentials': credentials })
    const { exit, stderr } = await run('keys', 'move')
    expect(exit).toBe(255)
    expect(stderr).toContain(text)
    expect(file('credentials')).toBe(credentials)
    remove()
  })

  test('a keychain that forgets costs nothing', async () => {
    const credentials = `[default]\n${keysOf('AKIAMINE')}`
    const { run, file, remove } = machine({ '.aws/credentials': credentials }, { get: async () => undefined })
    const { exit, stderr } = await run('keys', 'move')
    expect([exit, file('credentials')]).toEqual([253, credentials])
    expect(stderr).toContain('the file is as it was')
    expect((await run('keys', 'print', 'default')).stderr).toContain('The keychain has no keys of the profile default')
    remove()
  })
})
