// In the npm package a file that is embedded in the executable lies beside the code, and is named by where that is.

import type { BunPlugin } from 'bun'
import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

export function embeddedFiles(folder: string): BunPlugin {
  return {
    name: 'files beside the code',
    setup(build) {
      build.onResolve({ filter: /\.bin$/ }, ({ path, importer }) => ({
        path: resolve(dirname(importer), path),
        namespace: 'beside',
      }))
      build.onLoad({ filter: /.*/, namespace: 'beside' }, ({ path }) => {
        mkdirSync(folder, { recursive: true })
        copyFileSync(path, join(folder, basename(path)))
        const place = `new URL(${JSON.stringify(`./${basename(path)}`)}, import.meta.url)`
        return {
          contents: `import { fileURLToPath } from 'node:url'\nexport default fileURLToPath(${place})\n`,
          loader: 'js',
        }
      })
    },
  }
}
