// Big embedded files are cut into pieces. As soon as a program names an embedded file, Bun counts all of it as memory
// that was allocated, and past ten megabytes it collects garbage: a millisecond and more for nothing, in a command
// that lasts ten. Of pieces only those are named that are read; src/model/source.ts puts them together again.

import type { BunPlugin } from 'bun'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { PIECE } from '../../src/model/source.ts'

const BIG = ['models.bin', 'docs.bin']

/** The pieces lie in `build/pieces`: always the same place, because the program's bytes depend on it. */
export function pieces(root: string): BunPlugin {
  return {
    name: 'big embedded files in pieces',
    setup(build) {
      // Now, not when they are asked for: the bundler looks into a folder once.
      const modules = new Map(BIG.map((name) => [name, moduleOf(cut(join(root, 'build'), name))]))
      build.onResolve({ filter: /[\\/]build[\\/](?:models|docs)\.bin$/ }, ({ path }) => ({
        path: basename(path),
        namespace: 'pieces',
      }))
      build.onLoad({ filter: /.*/, namespace: 'pieces' }, ({ path }) => ({
        contents: modules.get(path)!,
        loader: 'js',
      }))
    },
  }
}

/** The paths of the pieces: `…/models.bin.0` and so on. Another build may be writing the same ones. */
function cut(folder: string, name: string): string[] {
  const bytes = readFileSync(join(folder, name))
  mkdirSync(join(folder, 'pieces'), { recursive: true })
  return Array.from({ length: Math.ceil(bytes.length / PIECE) }, (_, at) => {
    const piece = join(folder, 'pieces', `${name}.${at}`)
    writeFileSync(`${piece}.${process.pid}`, bytes.subarray(at * PIECE, (at + 1) * PIECE))
    renameSync(`${piece}.${process.pid}`, piece)
    return piece
  })
}

function moduleOf(paths: readonly string[]): string {
  const imports = paths.map((path, at) => `import piece${at} from ${JSON.stringify(path)} with { type: 'file' }\n`)
  return `${imports.join('')}export default [${paths.map((_, at) => `piece${at}`).join(', ')}]\n`
}
