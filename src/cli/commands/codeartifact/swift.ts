// Swift reads its token from ~/.netrc, and on macOS from the keychain.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import { replaceSecret } from '../../../lib/shared-file.ts'
import { runAll } from './tool.ts'
import type { Login } from './tool.ts'

export async function loginSwift(login: Login): Promise<void> {
  const { endpoint, token, namespace, dryRun, outside, write } = login
  if (namespace !== undefined && !/^[a-zA-Z0-9](?:[a-zA-Z0-9]|-(?=[a-zA-Z0-9])){0,38}$/.test(namespace)) {
    throw new Failure(
      'InvalidValue',
      'Invalid scope name, scope must contain URL-safe characters, no leading dots or underscores and no more than 39 ' +
        'characters',
    )
  }
  const keychain = process.platform === 'darwin'
  if (!keychain) {
    const netrc = join(outside.home, '.netrc')
    const host = new URL(endpoint).hostname
    const entry = `machine ${host} login token password ${token}`
    if (!dryRun) updateNetrc(netrc, host, entry, token)
    else {
      write(
        `Dryrun mode is enabled, not writing to netrc.\nThe following line would have been written to ${netrc}:\n\n` +
          `${entry}\n\nAnd would have run the following commands:\n\n`,
      )
    }
  }
  await runAll(login, 'swift', [
    {
      words: ['swift', 'package-registry', 'set', endpoint, ...(namespace === undefined ? [] : ['--scope', namespace])],
    },
    { words: ['swift', 'package-registry', 'login', `${endpoint}login`, ...(keychain ? ['--token', token] : [])] },
  ])
}

function updateNetrc(path: string, host: string, entry: string, token: string): void {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  replaceSecret(path, withEntry(before, host, entry, token))
}

function withEntry(before: string | undefined, host: string, entry: string, token: string): string {
  if (before === undefined) return `${entry}\n`
  const name = host.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&')
  const after = before.replace(
    new RegExp(`(\\bmachine\\s+${name}\\s+login\\s+\\S+\\s+password\\s+)\\S+`, 'gm'),
    (_, start: string) => `${start}${token}`,
  )
  return after !== before ? after : `${before}${before.endsWith('\n') ? '' : '\n'}${entry}\n`
}
