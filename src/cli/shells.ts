// How is a shell told to set a variable or to forget it?

export type Shell = 'sh' | 'fish' | 'powershell' | 'cmd'

export const shellNames: readonly Shell[] = ['sh', 'fish', 'powershell', 'cmd']

/** The shell somebody works in, by what it calls itself. */
export function currentShell(env: Readonly<Record<string, string | undefined>>): Shell {
  if (/(?:^|\/)fish$/.test(env['SHELL'] ?? '')) return 'fish'
  if (env['PSModulePath'] !== undefined && env['SHELL'] === undefined) return 'powershell'
  return env['ComSpec'] !== undefined && env['SHELL'] === undefined ? 'cmd' : 'sh'
}

/** A line for the shell to read: `undefined` unsets. Values are quoted: they may hold anything. */
export function assignment(shell: Shell, name: string, value: string | undefined): string {
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
