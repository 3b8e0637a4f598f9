// Which machines is the program made for? One npm package each; npm takes the one that fits by os, cpu and libc.

export interface Target {
  /** `linux-x64-musl`: the end of its package's name. */
  readonly name: string
  readonly bun: Bun.Build.CompileTarget
  readonly os: 'linux' | 'darwin' | 'win32'
  readonly cpu: 'x64' | 'arm64'
  readonly libc?: 'glibc' | 'musl'
}

export const targets: readonly Target[] = [
  { name: 'linux-x64', bun: 'bun-linux-x64', os: 'linux', cpu: 'x64', libc: 'glibc' },
  { name: 'linux-arm64', bun: 'bun-linux-arm64', os: 'linux', cpu: 'arm64', libc: 'glibc' },
  { name: 'linux-x64-musl', bun: 'bun-linux-x64-musl', os: 'linux', cpu: 'x64', libc: 'musl' },
  { name: 'linux-arm64-musl', bun: 'bun-linux-arm64-musl', os: 'linux', cpu: 'arm64', libc: 'musl' },
  { name: 'darwin-x64', bun: 'bun-darwin-x64', os: 'darwin', cpu: 'x64' },
  { name: 'darwin-arm64', bun: 'bun-darwin-arm64', os: 'darwin', cpu: 'arm64' },
  { name: 'windows-x64', bun: 'bun-windows-x64', os: 'win32', cpu: 'x64' },
]

export const packageOf = ({ name }: Target): string => `@virga/cli-${name}`

/** As the registry calls the file of a package in a scope. */
export const tarballOf = ({ name }: Target, version: string): string => `cli-${name}-${version}.tgz`

export const programOf = ({ os }: Target): string => (os === 'win32' ? 'virga.exe' : 'virga')

/** By name; every one where none is named. Throws Error. */
export function targetsNamed(names: string | undefined): readonly Target[] {
  if (names === undefined) return targets
  return names.split(',').map((name) => {
    const target = targets.find((each) => each.name === name)
    if (target === undefined)
      throw new Error(`there is no target ${name}; there are ${targets.map((each) => each.name).join(', ')}`)
    return target
  })
}
