// How is the library cut into files? What calls pass by lies in one, lib/core.js: on Node each file that is loaded costs
// about a millisecond. What is loaded late in the source, and stands in this file, is simply there.

import type { BunPlugin } from 'bun'
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const DYNAMIC = /(?<!typeof )\bimport\(\s*'(\.[^']+\.ts)'\s*\)/g

/** `core`: the sources that lie in one file with all that they import. `more` is put at the end of `at`. */
export function libraryCode(
  root: string,
  core: readonly string[],
  { at, more }: { at: string; more: string },
): BunPlugin {
  const inCore = new Set(core.map((name) => join(root, 'src', `${name}.ts`)))
  const late = new Set(lateSources(root).filter((path) => !inCore.has(path)))
  return {
    name: 'one file for what calls pass by',
    setup(build) {
      build.onResolve({ filter: /^virga:core$/ }, () => ({ path: 'core', namespace: 'virga' }))
      build.onLoad({ filter: /.*/, namespace: 'virga' }, () => ({
        contents: [...inCore].map((path) => `import ${JSON.stringify(path)}`).join('\n'),
        loader: 'ts',
      }))
      build.onResolve({ filter: /^\.\.\/services\// }, ({ path }) => ({ path, external: true }))
      build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
        const imported: string[] = []
        const text = readFileSync(path, 'utf8').replace(DYNAMIC, (whole, target: string) => {
          if (!inCore.has(resolve(dirname(path), target))) return whole
          imported.push(`import * as $late${imported.length} from '${target}'`)
          return `Promise.resolve($late${imported.length - 1})`
        })
        const beside = late.has(path) || build.config.entrypoints.includes(path) ? ["import 'virga:core'"] : []
        const added = path === join(root, at) ? [more] : []
        return { contents: [text, ...imported, ...beside, ...added].join('\n'), loader: 'ts' }
      })
    },
  }
}

/** What is loaded by `import()` anywhere. */
function lateSources(root: string): string[] {
  return [...new Bun.Glob('src/**/*.ts').scanSync(root)]
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const path = join(root, file)
      const imports = readFileSync(path, 'utf8').matchAll(DYNAMIC)
      return [...imports].map(([, target]) => resolve(dirname(path), target!))
    })
}

/**
 * Bun makes a chunk of what entries share, and leaves an entry that is all shared as a list of names. Here the chunk takes
 * the entry's place and name. `texts` by file name; changed in place.
 */
export function entryIsItsChunk(texts: Map<string, string>, entry: string): void {
  const facade = texts.get(entry)!
  const [, names, chunk] =
    /^(?:\/\/[^\n]*\n)?import\s*\{([^}]*)\}\s*from\s*"\.\/([^"]+)";\s*export\s*\{/.exec(facade) ?? []
  const exported = /export\s*\{([^}]*)\}/.exec(facade)?.[1]
  const whole = chunk === undefined ? undefined : texts.get(chunk)
  if (names === undefined || exported === undefined || whole === undefined)
    throw new Error(`${entry} is more than the names of a chunk`)
  const ownNames = new Map(pairsOf(/export\s*\{([^}]*)\};?\s*$/.exec(whole)![1]!).map(([local, out]) => [out, local]))
  const imported = new Map(pairsOf(names).map(([out, local]) => [local, ownNames.get(out)!]))
  const more = pairsOf(exported).map(([local, out]) => `${imported.get(local)} as ${out}`)
  texts.delete(chunk!)
  texts.set(entry, `${whole.trimEnd().replace(/;$/, '')};export{${more.join(',')}};\n`)
  for (const [file, text] of texts) texts.set(file, text.replaceAll(`./${chunk}`, `./${entry}`))
}

/** `a as b,c` → [[a, b], [c, c]] */
function pairsOf(list: string): [string, string][] {
  return list
    .split(',')
    .map((each) => each.trim().split(/\s+as\s+/))
    .filter(([name]) => name !== '')
    .map(([from, to]) => [from!, to ?? from!])
}
