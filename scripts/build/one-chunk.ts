// Code that every call runs lies in one chunk of the program, and what every call of the local AWS runs besides in another.
//
// The bundler makes a chunk for each set of modules that the same entries reach, and every `import()` is an entry: what is needed for
// each call would be scattered over some sixty chunks, each with its own cost of loading. Here every lazily loaded module also
// imports what each call loads anyway, so that all of that is reached from everywhere and becomes one chunk. What is lazy stays lazy.
// Measured: 1 ms of 10 for `sts get-caller-identity`, and another with `--profile local`.
//
// Where one module of a chunk loads another of the same chunk late, there is nothing left to wait for: it imports it outright. Each
// `import()` that is left out saves 30 microseconds.

import type { BunPlugin } from 'bun'
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Where each call passes; what they import comes along. */
export const everyCall = [
  'cli/run',
  'cli/operation',
  'cli/show',
  'cli/output/present',
  'cli/output/json',
  'cli/output/sink',
  'client/config/load',
  'client/credentials/chain',
  'client/call',
  'wire/query',
  'http/send',
]

/** Where each call of the local AWS passes. */
export const everyLocalCall = [
  'local/door',
  'local/serve',
  'local/world',
  'local/services/table',
  'local/store/open',
  'local/store/sqlite',
  'local/trail/keep',
  'local/launched',
]

/** What a call and a Tab need: the models. */
const everyStart = ['cli/program-models']

/** They answer without a call, and faster than one. */
const apart = ['cli/version', 'cli/complete/complete', ...everyStart]

export function oneChunk(root: string): BunPlugin {
  const source = (name: string): string => join(root, 'src', `${name}.ts`)
  const imported = (names: readonly string[]): string =>
    names.map((name) => `import ${JSON.stringify(source(name))}`).join('\n')
  const chunks: Readonly<Record<string, string>> = {
    'every-start': imported(everyStart),
    'every-call': imported([...everyStart, ...everyCall]),
    'every-local-call': imported(everyLocalCall),
  }
  const ofCall = withImports(everyCall.map(source))
  const ofLocalCall = withImports(everyLocalCall.map(source), new Set(ofCall))
  const lazy = new Set(lazilyImported(root))
  for (const path of withImports(apart.map(source))) lazy.delete(path)
  const local = join(root, 'src', 'local')
  const alsoLoaded = (path: string): string[] => {
    if (path === source('cli/complete/complete')) return ['every-start']
    if (!lazy.has(path)) return []
    return path.startsWith(local) ? ['every-call', 'every-local-call'] : ['every-call']
  }
  return {
    name: 'one chunk for what every call runs',
    setup(build) {
      build.onResolve({ filter: /^virga:/ }, ({ path }) => ({ path: path.slice('virga:'.length), namespace: 'virga' }))
      build.onLoad({ filter: /.*/, namespace: 'virga' }, ({ path }) => ({ contents: chunks[path]!, loader: 'ts' }))
      build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
        const more = alsoLoaded(path).map((chunk) => `\nimport 'virga:${chunk}'\n`)
        const text = readFileSync(path, 'utf8')
        const together = ofCall.has(path) ? ofCall : ofLocalCall.has(path) ? ofLocalCall : undefined
        return { contents: (together ? importedOutright(text, path, together) : text) + more.join(''), loader: 'ts' }
      })
    },
  }
}

/** The text of a module, `const { name } = await import(…)` and `(await import(…)).name` without their waiting. */
function importedOutright(text: string, path: string, together: ReadonlySet<string>): string {
  const imports = new Set<string>()
  const late = /const \{ (\w+) \} = await import\('(\.[^']+)'\)\n|\(await import\('(\.[^']+)'\)\)\.(\w+)/g
  const changed = text.replace(late, (whole, taken?: string, from?: string, of?: string, member?: string) => {
    const target = resolve(dirname(path), (from ?? of)!)
    if (!together.has(target)) return whole
    imports.add(`\nimport { ${taken ?? member} } from ${JSON.stringify(target)}\n`)
    return member ?? '\n'
  })
  return changed + [...imports].join('')
}

function lazilyImported(root: string): string[] {
  return [...new Bun.Glob('src/**/*.ts').scanSync(root)]
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const path = join(root, file)
      const imports = readFileSync(path, 'utf8').matchAll(/(?<!typeof )import\(\s*'(\.[^']+\.ts)'/g)
      return [...imports].map(([, target]) => resolve(dirname(path), target!))
    })
}

/** The files, and all that they import outright. */
function withImports(paths: readonly string[], reached = new Set<string>()): Set<string> {
  for (const path of paths) {
    if (reached.has(path)) continue
    reached.add(path)
    const imports = readFileSync(path, 'utf8').matchAll(/^(?:import|export) (?!type ).*? from '(\.[^']+\.ts)'/gms)
    withImports(
      Array.from(imports, ([, target]) => resolve(dirname(path), target!)),
      reached,
    )
  }
  return reached
}
