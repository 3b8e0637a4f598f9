// `npm run build`: the program as one executable, dist/virga. The library is `npm run library`.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { buildProgram } from './build/program.ts'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')

async function program(): Promise<string> {
  const outfile = join(DIST, process.platform === 'win32' ? 'virga.exe' : 'virga')
  await buildProgram({ root: ROOT, outfile })
  return outfile
}

try {
  const started = Date.now()
  const path = await program()
  const size = (statSync(path).size / 1e6).toFixed(1)
  console.log(`built ${path} (${size} MB) in ${((Date.now() - started) / 1000).toFixed(1)} s`)
} catch (error) {
  console.error(`build: ${(error as Error).message}`)
  process.exitCode = 1
}
