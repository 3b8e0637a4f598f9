// `virga shim install|uninstall|status`: an `aws` on the path that is this program, for scripts and tools that call it by
// that name. What is not ours is never overwritten or removed.

import { accessSync, chmodSync, constants, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import { commandLine, isCompiled } from '../../self.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { MARK, NAMES, fileOf, isOurs, isThere, onPath, pathFolders } from './names.ts'

const dir = {
  help: 'The folder; a folder of yours on the PATH where it is left out, else ~/.local/bin.',
  noParamFile: true,
}

export const install = command({
  name: 'shim install',
  help:
    '<p>Puts an <code>aws</code> on the path that is this program, and an <code>aws_completer</code>: for scripts and tools ' +
    'that call <code>aws</code>. Another <code>aws</code> is never overwritten.</p>',
  arguments: { dir },
  run: async (given, context) => {
    const folder = resolve(context.outside.cwd, (given['dir'] as string | undefined) ?? usualFolder(context))
    const files = NAMES.map((name) => fileOf(folder, name))
    const foreign = files.find((file) => isThere(file) && !isOurs(file))
    if (foreign !== undefined)
      throw new Failure(
        'Configuration',
        `${foreign} is there and is not ours: nothing was changed. Choose another folder with --dir`,
      )
    try {
      mkdirSync(folder, { recursive: true })
      for (const file of files) put(file)
    } catch (error) {
      throw new Failure('Configuration', `${folder}: ${(error as Error).message}`)
    }
    context.write(`${files[0]} is virga now. virga shim uninstall takes it away.\n`)
    for (const line of advice(folder, context)) context.write(`${line}\n`)
    return 0
  },
})

export const uninstall = command({
  name: 'shim uninstall',
  help: 'Takes away what <code>virga shim install</code> put there, and nothing else.',
  arguments: { dir: { ...dir, help: 'The folder; every folder of the PATH and ~/.local/bin where it is left out.' } },
  run: async (given, context) => {
    const folders =
      given['dir'] === undefined ? everyFolder(context) : [resolve(context.outside.cwd, given['dir'] as string)]
    const files = folders.flatMap((folder) => NAMES.map((name) => fileOf(folder, name)))
    const ours = files.filter((file) => isThere(file) && isOurs(file))
    for (const file of ours) {
      rmSync(file)
      context.write(`Removed ${file}\n`)
    }
    if (ours.length === 0) context.write('There is no shim of ours to remove.\n')
    const [next] = onPath('aws', context.outside)
    if (ours.length > 0)
      context.write(next === undefined ? 'There is no aws on the PATH now.\n' : `aws is ${next} now.\n`)
    return 0
  },
})

export const status = command({
  name: 'shim status',
  help: 'Shows which <code>aws</code> a shell would run, and whether it is this program.',
  arguments: {},
  run: async (_given, context) => {
    const found = onPath('aws', context.outside)
    const [first] = found
    await context.show('Shim', {
      Aws: first ?? null,
      IsVirga: first !== undefined && isOurs(first),
      OnPath: found.map((file) => ({ File: file, IsVirga: isOurs(file) })),
    })
    return 0
  },
})

/** A link where this program is a file of its own, else a script that starts it. */
function put(file: string): void {
  rmSync(file, { force: true })
  if (process.platform === 'win32') writeFileSync(file, `@rem ${MARK}\r\n@"${process.execPath}" %*\r\n`)
  else if (isCompiled()) symlinkSync(process.execPath, file)
  else {
    writeFileSync(file, `#!/bin/sh\n# ${MARK}\nexec ${commandLine()} "$@"\n`)
    chmodSync(file, 0o755)
  }
}

/** The first folder of the PATH below the home that can be written to. */
function usualFolder({ outside }: Context): string {
  const own = pathFolders(outside).find((folder) => folder.startsWith(join(outside.home, '/')) && isWritable(folder))
  return own ?? join(outside.home, '.local', 'bin')
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function everyFolder({ outside }: Context): string[] {
  return [...new Set([...pathFolders(outside), join(outside.home, '.local', 'bin')])].filter((folder) =>
    existsSync(folder),
  )
}

/** What a shell does with it. */
function advice(folder: string, { outside }: Context): string[] {
  const [first] = onPath('aws', outside)
  if (first === undefined || !pathFolders(outside).includes(folder))
    return [`${folder} is not on your PATH: export PATH="${folder}:$PATH"`]
  if (dirname(first) !== folder) return [`${first} comes before it on your PATH: put ${folder} first.`]
  const [, hidden] = onPath('aws', outside)
  return [
    'A shell that ran aws before may remember where: hash -r',
    ...(hidden === undefined ? [] : [`It hides ${hidden}.`]),
  ]
}
