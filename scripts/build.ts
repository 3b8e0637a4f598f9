// `npm run build`: the program as one executable, dist/virga, and the library for Node, dist/library/index.js.
//
// Splitting and bytecode are what make it start in milliseconds: a chunk that is not loaded costs nothing. `.env` and
// bunfig.toml are not loaded from the working directory: a bunfig.toml there could run code.

import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')

function bundle(entry: string, out: readonly string[]): void {
  if (!existsSync(join(ROOT, entry))) throw new Error(`${entry} is missing`)
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, 'build', entry, '--minify', '--format=esm', ...out], {
    cwd: ROOT,
    stdout: 'ignore',
    stderr: 'pipe',
  })
  if (exitCode !== 0) throw new Error(stderr.toString().trim())
}

function buildProgram(): string {
  const program = join(DIST, process.platform === 'win32' ? 'virga.exe' : 'virga')
  const unfinished = `${program}.${process.pid}.unfinished`
  try {
    bundle('src/main.ts', [
      '--compile',
      '--bytecode',
      '--splitting',
      '--no-compile-autoload-dotenv',
      '--no-compile-autoload-bunfig',
      `--outfile=${unfinished}`,
    ])
    renameSync(unfinished, program)
  } finally {
    rmSync(unfinished, { force: true })
  }
  return program
}

/** Split as the program is, and for Node: whoever embeds it loads what is used. */
function buildLibrary(): string {
  const folder = join(DIST, 'library')
  rmSync(folder, { recursive: true, force: true })
  bundle('src/index.ts', ['--target=node', '--splitting', `--outdir=${folder}`])
  return join(folder, 'index.js')
}

try {
  mkdirSync(DIST, { recursive: true })
  for (const build of [buildProgram, buildLibrary]) {
    const started = Date.now()
    const path = build()
    const size = (statSync(path).size / 1e6).toFixed(1)
    console.log(`built ${path} (${size} MB) in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  }
} catch (error) {
  console.error(`build: ${(error as Error).message}`)
  process.exitCode = 1
}
