// Machines that know nothing of us: a folder to be the root of a process, with no network, no Node and no virga.
//
// The best is a Debian of debootstrap, made once and kept with the other witnesses. Without debootstrap it is made of this
// machine's own shell and tools, and the libraries that they need.

import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Witness } from '../witnesses/witnesses.ts'

const cache = process.env['VIRGA_WITNESSES'] ?? join(homedir(), '.cache', 'virga', 'witnesses')

/** What install.sh may call, and a person in such a root. */
const TOOLS =
  'sh ls uname sed cut mktemp sha256sum tar gzip mkdir cp chmod mv rm cat ln readlink dirname basename env id true sleep ps'

export interface Root {
  readonly folder: string
  /** What it is, for the reader of a test's output. */
  readonly what: string
  readonly isDebian: boolean
  remove(): void
}

/** A fresh one. */
export function cleanRoot(): Witness<Root> {
  if (process.platform !== 'linux') return { missing: 'roots are made on Linux' }
  if (process.getuid!() !== 0) return { missing: 'only root may change the root of a process' }
  if (Bun.which('unshare') === null || Bun.which('chroot') === null) return { missing: 'there is no unshare or chroot' }
  const folder = mkdtempSync(join(tmpdir(), 'virga-root-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  const debian = debianRoot()
  if ('found' in debian) {
    Bun.spawnSync(['cp', '-a', `${debian.found}/.`, folder])
    return { found: { folder, what: 'Debian, by debootstrap', isDebian: true, remove } }
  }
  minimalRoot(folder)
  return { found: { folder, what: `this machine's own shell and tools (${debian.missing})`, isDebian: false, remove } }
}

/** Runs a script of the shell in it, without a network. */
export function inRoot({ folder }: Root, script: string): { exit: number; stdout: string; stderr: string } {
  writeFileSync(join(folder, 'script.sh'), script)
  mkdirSync(join(folder, 'proc'), { recursive: true })
  const ran = Bun.spawnSync(
    [
      'unshare',
      '--net',
      '--mount',
      '--pid',
      '--fork',
      `--mount-proc=${folder}/proc`,
      'chroot',
      folder,
      '/bin/sh',
      '/script.sh',
    ],
    {
      env: { HOME: '/root', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      cwd: '/',
    },
  )
  return { exit: ran.exitCode, stdout: ran.stdout.toString(), stderr: ran.stderr.toString() }
}

function debianRoot(): Witness<string> {
  const folder = join(cache, 'debian-root')
  if (existsSync(folder)) return { found: folder }
  if (Bun.which('debootstrap') === null) return { missing: 'there is no debootstrap' }
  mkdirSync(cache, { recursive: true })
  const unfinished = mkdtempSync(join(cache, 'debian-root-'))
  const made = Bun.spawnSync(['debootstrap', '--variant=minbase', 'stable', unfinished], { timeout: 300_000 })
  if (made.exitCode !== 0) {
    rmSync(unfinished, { recursive: true, force: true })
    return { missing: 'debootstrap failed' }
  }
  renameSync(unfinished, folder)
  return { found: folder }
}

function minimalRoot(folder: string): void {
  for (const name of ['bin', 'tmp', 'root', 'proc', 'dev', 'usr/local/bin'])
    mkdirSync(join(folder, name), { recursive: true })
  const programs = TOOLS.split(' ').flatMap((name) => {
    const path = Bun.which(name, { PATH: '/usr/bin:/bin' })
    return path === null ? [] : [{ name, path: realpathSync(path) }]
  })
  const libraries = new Set<string>()
  for (const { name, path } of programs) {
    cpSync(path, join(folder, 'bin', name))
    const needed = Bun.spawnSync(['ldd', path]).stdout.toString()
    for (const [library] of needed.matchAll(/\/\S+\.so\S*/g)) libraries.add(library)
  }
  // The C library's other parts, which the program itself needs.
  const more = Array.from(libraries, dirname).flatMap((place) => {
    return ['libpthread.so.0', 'libdl.so.2', 'libm.so.6'].map((name) => join(place, name))
  })
  for (const library of more) if (existsSync(library)) libraries.add(library)
  for (const library of libraries) {
    mkdirSync(join(folder, dirname(library)), { recursive: true })
    cpSync(realpathSync(library), join(folder, library))
  }
  Bun.spawnSync(['mknod', '-m', '666', join(folder, 'dev/null'), 'c', '1', '3'])
}
