import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'bun:test'
import { toBase32, totp } from '../../../lib/totp.ts'
import type { Keychain } from '../../keychain.ts'
import { builtModels, ran } from '../../outside.fixture.ts'
import type { Answer, Sent } from '../../outside.fixture.ts'
import { asked, aws, homeWith, keysOf, noEnvironment, xml } from '../home.fixture.ts'
import { qrText } from './qr.ts'

const models = builtModels()
if (models === undefined) console.log('skipped: there is no build/models.bin')

const serial = 'arn:aws:iam::123456789012:mfa/me'
const secret = new TextEncoder().encode('twenty bytes of seed')
const seed = toBase32(secret)
const now = new Date('2026-01-02T03:04:05Z')

/** Enrols whoever sends the codes of this half minute and the one before. */
function devices(sent: Sent): Answer | undefined {
  const { action, form } = asked(sent)
  if (action === 'CreateVirtualMFADevice') {
    const device = `<SerialNumber>${serial}</SerialNumber><Base32StringSeed>${btoa(seed)}</Base32StringSeed>`
    return xml(action, `<VirtualMFADevice>${device}</VirtualMFADevice>`)
  }
  if (action === 'EnableMFADevice') {
    const good = [totp(secret, now.getTime() - 30_000), totp(secret, now)]
    if (form.get('AuthenticationCode1') === good[0] && form.get('AuthenticationCode2') === good[1])
      return xml(action, '')
    const error =
      '<Code>InvalidAuthenticationCode</Code><Message>Authentication code for device is not valid.</Message>'
    return { status: 403, body: `<ErrorResponse><Error>${error}</Error></ErrorResponse>` }
  }
  if (action === 'ListMFADevices')
    return xml(action, `<MFADevices><member><SerialNumber>${serial}</SerialNumber></member></MFADevices>`)
  return action === 'DeleteVirtualMFADevice' ? xml(action, '') : undefined
}

function memory(): Keychain & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    get: async (name) => kept.get(name),
    set: async (name, value) => void kept.set(name, value),
    delete: async (name) => void kept.delete(name),
  }
}

describe.skipIf(models === undefined)('mfa', () => {
  const machine = (config = '') => {
    const home = homeWith({
      '.aws/credentials': `[default]\n${keysOf('AKIAMINE')}`,
      '.aws/config': `[default]\n${config}`,
    })
    const keychain = memory()
    const run = async (argv: readonly string[], stdin?: string) =>
      ran({
        argv,
        env: noEnvironment,
        home: home.path,
        answers: aws(undefined, devices),
        keychain,
        stdin,
        models: await models,
      })
    const written = (): string => readFileSync(join(home.path, '.aws/config'), 'utf8')
    const sessions = (): string[] => {
      const folder = join(home.path, '.aws/cli/cache')
      return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
    }
    return { run, written, sessions, keychain, remove: home.remove }
  }

  test('login, use, status, logout', async () => {
    const { run, written, sessions, remove } = machine()
    const login = await run(['mfa', 'login', '--code', '123456'])
    expect(login.stdout).toBe(
      `default: mfa_serial = ${serial}\ndefault: mfa_session = true\n` +
        'The profile default has now a session with MFA, for 8 h 55 min, until 2026-01-02 12:00 UTC.\n',
    )
    expect(written()).toBe(`[default]\nmfa_serial = ${serial}\nmfa_session = true\n`)
    expect((await run(['sts', 'get-caller-identity', '--query', 'Arn'])).stdout).toContain('user/ASIASESSION123456')
    expect((await run(['whoami', '--output', 'json', '--query', '[Mfa, Source]', '--output', 'text'])).stdout).toBe(
      'yes\tmfa-session\n',
    )
    expect((await run(['mfa', 'status'])).stdout).toBe(
      `default\n  device   ${serial}\n  session  8 h 55 min left, until 2026-01-02 12:00 UTC\n  codes    asked at the terminal\n`,
    )
    expect((await run(['use', '--prompt'])).stdout).toBe('default 8 h 55 min\n')

    const again = await run(['mfa', 'login'])
    expect([again.stdout, again.sent.length]).toEqual([
      'The profile default has had a session with MFA, for 8 h 55 min, until 2026-01-02 12:00 UTC.\n',
      0,
    ])
    expect(sessions()).toHaveLength(1)
    expect((await run(['mfa', 'logout'])).stdout).toBe('The session with MFA of the profile default is forgotten.\n')
    expect(sessions()).toHaveLength(0)
    expect((await run(['mfa', 'logout'])).stdout).toBe('The profile default has no session with MFA.\n')
    remove()
  })

  test('a wrong code is told in AWS’s words, once, and nothing is written', async () => {
    const { run, written, sessions, remove } = machine()
    const { exit, stderr, sent } = await run(['mfa', 'login', '--code', '000000', '--serial-number', serial])
    expect(exit).toBe(254)
    expect(stderr).toContain('MultiFactorAuthentication failed with invalid MFA one time pass code.')
    expect(sent.length).toBe(1)
    expect([written(), sessions()]).toEqual(['[default]\n', []])
    remove()
  })

  test('a call that needs a session asks for the code', async () => {
    const { run, remove } = machine(`mfa_serial = ${serial}\nmfa_session = true\n`)
    const { stdout } = await run(['sts', 'get-caller-identity', '--query', 'Arn'], '654321\n')
    expect(stdout).toContain('user/ASIASESSION654321')
    remove()
  })

  test('enrolling on a phone', async () => {
    const { run, written, remove } = machine()
    const codes = `${totp(secret, now.getTime() - 30_000)}\n${totp(secret, now)}\n`
    const { exit, stdout } = await run(['mfa', 'add'], codes)
    const uri = `otpauth://totp/${encodeURIComponent('Amazon Web Services:AKIAMINE@123456789012')}?secret=${seed}&issuer=Amazon%20Web%20Services`
    expect(exit).toBe(0)
    expect(stdout).toStartWith(`${qrText(uri)}\n\nScan this with an authenticator app, or type the key: ${seed}\n`)
    expect(stdout).toEndWith(`${serial} is enrolled.\ndefault: mfa_serial = ${serial}\ndefault: mfa_session = true\n`)
    expect(written()).toContain('mfa_session = true')
    remove()
  })

  test('codes that are wrong leave no device behind', async () => {
    const { run, written, remove } = machine()
    const { exit, stderr, sent } = await run(['mfa', 'add'], '111111\n222222\n')
    expect(exit).toBe(254)
    expect(stderr).toContain('Authentication code for device is not valid.')
    expect(asked(sent.at(-1)!).action).toBe('DeleteVirtualMFADevice')
    expect(written()).toBe('[default]\n')
    remove()
  })

  test('enrolling the keychain, which then makes the codes', async () => {
    const { run, written, keychain, remove } = machine()
    const { exit, stdout } = await run(['mfa', 'add', '--keychain'])
    expect(exit).toBe(0)
    expect(stdout).not.toContain(seed)
    expect([...keychain.kept]).toEqual([[`mfa ${serial}`, seed]])
    expect(written()).toMatch(new RegExp(`\nmfa_process = .* mfa code ${serial}\n`))
    expect((await run(['mfa', 'code'])).stdout).toBe(`${totp(secret, now)}\n`)
    remove()
  })

  test('a QR code is as wide as it is high', () => {
    const lines = qrText('otpauth://totp/x?secret=ABC').split('\n')
    expect(new Set(lines.map((line) => line.length)).size).toBe(1)
    expect(lines.length).toBe(Math.ceil(lines[0]!.length / 2))
  })
})
