// `npm run build`: the program as one executable, dist/virga, and the library for Node, dist/library/index.js.
//
// Splitting and bytecode are what make it start in milliseconds: a chunk that is not loaded costs nothing. `.env` and
// bunfig.toml are not loaded from the working directory: a bunfig.toml there could run code.

import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { oneChunk } from './build/one-chunk.ts'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')

async function buildProgram(): Promise<string> {
  const program = join(DIST, process.platform === 'win32' ? 'virga.exe' : 'virga')
  const unfinished = `${program}.${process.pid}.unfinished`
  try {
    await bundled({
      entrypoints: [join(ROOT, 'src/main.ts')],
      target: 'bun',
      bytecode: true,
      plugins: [oneChunk(ROOT)],
      compile: { outfile: unfinished, autoloadDotenv: false, autoloadBunfig: false },
    })
    renameSync(unfinished, program)
  } finally {
    rmSync(unfinished, { force: true })
  }
  return program
}

async function bundled(config: Bun.BuildConfig): Promise<void> {
  const { success, logs } = await Bun.build({ ...config, minify: true, format: 'esm', splitting: true, throw: false })
  if (!success) throw new Error(logs.map(String).join('\n'))
}

/** Split as the program is, and for Node: whoever embeds it loads what is used. */
async function buildLibrary(): Promise<string> {
  const folder = join(DIST, 'library')
  rmSync(folder, { recursive: true, force: true })
  await bundled({ entrypoints: [join(ROOT, 'src/index.ts')], target: 'node', outdir: folder })
  return join(folder, 'index.js')
}

try {
  mkdirSync(DIST, { recursive: true })
  for (const build of [buildProgram, buildLibrary]) {
    const started = Date.now()
    const path = await build()
    const size = (statSync(path).size / 1e6).toFixed(1)
    console.log(`built ${path} (${size} MB) in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  }
} catch (error) {
  console.error(`build: ${(error as Error).message}`)
  process.exitCode = 1
}
