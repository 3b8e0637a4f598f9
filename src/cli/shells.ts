// How is a shell told to set a variable or to forget it, and so whose identity to use?

import type { Credentials } from '../lib/credentials.ts'

export type Shell = 'sh' | 'fish' | 'powershell' | 'cmd'

export const shellNames: readonly Shell[] = ['sh', 'fish', 'powershell', 'cmd']

/** The shell somebody works in, by what it calls itself. */
export function currentShell(env: Readonly<Record<string, string | undefined>>): Shell {
  if (/(?:^|\/)fish$/.test(env['SHELL'] ?? '')) return 'fish'
  if (env['PSModulePath'] !== undefined && env['SHELL'] === undefined) return 'powershell'
  return env['ComSpec'] !== undefined && env['SHELL'] === undefined ? 'cmd' : 'sh'
}

/** `--shell`, as commands take it. */
export const shellArgument = {
  nargs: '?',
  choices: shellNames,
  whenEmpty: 'current',
  help: 'Prints lines for eval, in the words of this shell, or of the one named.',
} as const

const identityVariables = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
]

/**
 * Lines for the shell to read, after which it acts as somebody: these variables, and nothing that would count before them.
 * @param wanted a shell's name, or `current`
 */
export function identityLines(
  wanted: string,
  values: Readonly<Record<string, string | undefined>>,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const shell = wanted === 'current' ? currentShell(env) : (wanted as Shell)
  const lines = identityVariables
    .filter((name) => values[name] !== undefined || env[name] !== undefined)
    .map((name) => `${assignment(shell, name, values[name])}\n`)
  return lines.join('')
}

/** The variables that hold a key. */
export function keyVariables({ accessKeyId, secretAccessKey, sessionToken, expiration }: Credentials) {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_CREDENTIAL_EXPIRATION: expiration?.toISOString(),
  }
}

/** A line for the shell to read: `undefined` unsets. Values are quoted: they may hold anything. */
function assignment(shell: Shell, name: string, value: string | undefined): string {
  switch (shell) {
    case 'sh':
      return value === undefined ? `unset ${name}` : `export ${name}='${value.replaceAll("'", `'\\''`)}'`
    case 'fish':
      return value === undefined
        ? `set -e ${name}`
        : `set -gx ${name} '${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
    case 'powershell':
      return value === undefined
        ? `Remove-Item Env:${name} -ErrorAction SilentlyContinue`
        : `$Env:${name} = '${value.replaceAll("'", "''")}'`
    case 'cmd':
      return value === undefined ? `set ${name}=` : `set "${name}=${value}"`
  }
}
