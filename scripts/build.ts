// `npm run build`: the program as one executable, dist/virga, and the library for Node, dist/library/index.js.

import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { buildProgram, bundled } from './build/program.ts'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')

async function program(): Promise<string> {
  const outfile = join(DIST, process.platform === 'win32' ? 'virga.exe' : 'virga')
  await buildProgram({ root: ROOT, outfile })
  return outfile
}

/** Split as the program is, and for Node: whoever embeds it loads what is used. */
async function library(): Promise<string> {
  const folder = join(DIST, 'library')
  rmSync(folder, { recursive: true, force: true })
  await bundled({ entrypoints: [join(ROOT, 'src/index.ts')], target: 'node', outdir: folder })
  return join(folder, 'index.js')
}

try {
  for (const build of [program, library]) {
    const started = Date.now()
    const path = await build()
    const size = (statSync(path).size / 1e6).toFixed(1)
    console.log(`built ${path} (${size} MB) in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  }
} catch (error) {
  console.error(`build: ${(error as Error).message}`)
  process.exitCode = 1
}
