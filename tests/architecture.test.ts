// Do the walls stand? Reads every import under src/ and holds it against the map in ARCHITECTURE.md, which is the only
// place where the map is written. Test files may import what they like.

import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import packageJson from '../package.json'
import { everyCall, everyLocalCall } from '../scripts/build/one-chunk.ts'

const root = join(import.meta.dirname, '..')
const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')

/** Modules that cost a millisecond or more on first touch: built-in ones, and both dependencies. */
const SLOW = [
  'crypto',
  'events',
  'http',
  'http2',
  'https',
  'net',
  'readline',
  'stream',
  'tls',
  'tty',
  'util',
  'zlib',
  'yaml',
  'cbor2',
]

/** Files that may import slow modules at the top, since they are themselves only ever loaded by `import()`. */
const LOADED_LATE: readonly { file: RegExp; why: string }[] = [
  { file: /^src\/cli\/input\/yaml\.ts$/, why: 'the input was given as YAML' },
  {
    file: /^src\/cli\/commands\/(cloudformation|cloudtrail|ddb|eks)\//,
    why: 'commands of their own that need YAML or keys; the table of commands imports them when they are typed',
  },
]

interface Import {
  readonly from: string
  readonly to: string
  readonly dynamic: boolean
  readonly typeOnly: boolean
}

const files = [...new Bun.Glob('src/**/*.ts').scanSync(root)]
  .filter((file) => !/\.(test|fixture)\.ts$/.test(file))
  .sort()
const imports = files.flatMap((file) => importsIn(readFileSync(join(root, file), 'utf8'), file))
const relative = imports.filter(({ to }) => to.startsWith('src/'))
const external = imports.filter(({ to }) => !to.startsWith('src/'))

function withoutComments(source: string): string {
  return source.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
}

function importsIn(text: string, from: string): Import[] {
  const source = withoutComments(text)
  const found: Import[] = []
  const add = (specifier: string, dynamic: boolean, typeOnly: boolean): void => {
    const to = specifier.startsWith('.') ? normalize(join(dirname(from), specifier)) : specifier
    found.push({ from, to, dynamic, typeOnly })
  }
  for (const [, type, specifier] of source.matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  ))
    add(specifier!, false, type !== undefined)
  for (const [, specifier] of source.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm)) add(specifier!, false, false)
  for (const [, type, specifier] of source.matchAll(/(typeof\s+)?\bimport\s*\(\s*['"]([^'"]+)['"]/g))
    add(specifier!, true, type !== undefined)
  return found
}

/** The rows of the map: room, and the rooms it may import. */
function mapOfRooms(): Map<string, string[]> {
  const rooms = new Map<string, string[]>()
  for (const [, room, allowed] of architecture.matchAll(/^\| `([a-z]+)(?:\/|\.ts)` \|[^|]*\| ([^|]*) \|$/gm))
    rooms.set(room!, allowed!.match(/[a-z]+/g) ?? [])
  return rooms
}

const roomOf = (file: string): string => file.split('/')[1]!.replace(/\.ts$/, '')

/** Part of the name after a folder: `src/local/services/iam/state.ts` → `iam`; undefined when the file is not in it. */
function unitIn(folder: string, file: string): string | undefined {
  if (!file.startsWith(folder)) return undefined
  return file.slice(folder.length).split('/')[0]!.replace(/\.ts$/, '')
}

const line = ({ from, to }: Import): string => `${from} imports ${to}`

test('every kind of import is seen', () => {
  const source = [
    "import { a } from './a.ts'",
    "import type { B } from '../b.ts'",
    "export * from './c.ts'",
    "import './d.ts'",
    "import {\n  e,\n  f,\n} from './e.ts'",
    "const g = await import('./g.ts')",
    "type H = typeof import('node:zlib')",
    "// import { no } from './no.ts'",
    'const text = "import { x } from y"',
  ].join('\n')
  const seen = importsIn(source, 'src/cli/x.ts').map(({ to, dynamic, typeOnly }) => [to, dynamic, typeOnly] as const)
  expect(seen.sort()).toEqual([
    ['node:zlib', true, true],
    ['src/b.ts', false, true],
    ['src/cli/a.ts', false, false],
    ['src/cli/c.ts', false, false],
    ['src/cli/d.ts', false, false],
    ['src/cli/e.ts', false, false],
    ['src/cli/g.ts', true, false],
  ])
  expect(imports.length).toBeGreaterThan(100)
})

describe('rooms', () => {
  const rooms = mapOfRooms()

  test('the map in ARCHITECTURE.md can be read', () => {
    for (const room of ['lib', 'model', 'http', 'policy', 'wire', 'sign', 'client', 'transfer', 'cli', 'local', 'main'])
      expect(rooms.has(room), `ARCHITECTURE.md has no row for ${room}`).toBe(true)
    expect(rooms.get('lib')).toEqual([])
    expect(rooms.get('local')).not.toContain('client')
  })

  test('a file stands in a room of the map', () => {
    const strays = files.filter((file) => !rooms.has(roomOf(file)) && !file.endsWith('.d.ts'))
    expect(strays, 'ARCHITECTURE.md, "The map": folders are rooms').toEqual([])
  })

  test.each([...rooms])('%s imports only the rooms to its left', (room, allowed) => {
    const crossings = relative.filter(({ from, to }) => {
      return roomOf(from) === room && roomOf(to) !== room && !allowed.includes(roomOf(to))
    })
    const sentence = `ARCHITECTURE.md, "The map": ${room} may import ${allowed.join(', ') || 'no other room'}`
    expect(crossings.map(line), sentence).toEqual([])
  })
})

describe('neighbours', () => {
  const sentence = 'a service never imports another service, a command never another command'
  /** The tables know all that stand in them; what a service or a command is, all of them know. */
  const cases: [what: string, folder: string, tables: string[], known: string[]][] = [
    ['services', 'src/local/services/', ['table'], ['service']],
    ['commands', 'src/cli/commands/', ['table'], ['command']],
  ]

  test('the sentence stands in ARCHITECTURE.md', () => expect(architecture).toContain(sentence))

  test.each(cases)('%s do not know each other', (_, folder, tables, known) => {
    const crossings = relative.filter(({ from, to }) => {
      const [a, b] = [unitIn(folder, from), unitIn(folder, to)]
      return a !== undefined && b !== undefined && a !== b && !tables.includes(a) && !known.includes(b)
    })
    expect(crossings.map(line), `ARCHITECTURE.md: ${sentence}`).toEqual([])
  })
})

describe('circles', () => {
  test('no file needs itself to be loaded, by whatever way', () => {
    const needs = new Map(files.map((file) => [file, new Set<string>()]))
    for (const { from, to, dynamic, typeOnly } of relative) if (!dynamic && !typeOnly) needs.get(from)!.add(to)
    // Whoever needs nobody that is left is taken away, until nobody is or all that are left stand in circles.
    for (let before = Infinity; needs.size < before;) {
      before = needs.size
      for (const [file, others] of needs) if (![...others].some((other) => needs.has(other))) needs.delete(file)
    }
    expect([...needs.keys()], 'ARCHITECTURE.md: No file imports itself, by whatever way').toEqual([])
  })
})

describe('packages', () => {
  const allowed = new Set(['bun', 'bun:sqlite', 'bun:ffi', ...Object.keys(packageJson.dependencies)])
  const packageOf = (specifier: string): string => /^(@[^/]+\/)?[^/]+/.exec(specifier)![0]

  test('the program imports its dependencies and nothing else', () => {
    const others = external.filter(({ to }) => {
      return (
        !to.startsWith('node:') &&
        !to.startsWith('../build/') &&
        !to.startsWith('build/') &&
        !allowed.has(packageOf(to))
      )
    })
    expect(others.map(line), 'package.json, "dependencies"').toEqual([])
  })

  test('no AGPL package is installed', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
    expect(lock).not.toMatch(/"license": "[^"]*GPL|iam-simulate|@cloud-copilot\/iam-policy|fakecloud/)
  })
})

describe('start-up', () => {
  const isSlow = (specifier: string): boolean => SLOW.includes(specifier.replace(/^node:/, '').split('/')[0]!)
  const isLate = (path: string): boolean => LOADED_LATE.some(({ file }) => file.test(path))
  const sentence = 'ARCHITECTURE.md: Nothing that a --version or an STS call does not need is loaded for it'

  test('slow modules are fetched late', () => {
    const early = external.filter(
      ({ from, to, dynamic, typeOnly }) => isSlow(to) && !dynamic && !typeOnly && !isLate(from),
    )
    expect(early.map(line), `${sentence}; use await import() or process.getBuiltinModule()`).toEqual([])
  })

  test('files that load slow modules at the top are themselves loaded late', () => {
    const early = relative.filter(
      ({ from, to, dynamic, typeOnly }) => isLate(to) && !dynamic && !typeOnly && !isLate(from),
    )
    expect(early.map(line), `${sentence}; use await import()`).toEqual([])
  })

  const ways: readonly { what: string; from: readonly string[]; runtime: readonly string[] }[] = [
    { what: 'every call', from: everyCall, runtime: [] },
    { what: 'every call of the local AWS', from: everyLocalCall, runtime: ['bun:sqlite'] },
  ]
  test.each(ways)('what $what runs loads nothing of the runtime but $runtime', ({ from, runtime }) => {
    const loaded = new Set(from.map((name) => `src/${name}.ts`))
    for (const file of loaded)
      for (const { from, to, dynamic, typeOnly } of relative) if (from === file && !dynamic && !typeOnly) loaded.add(to)
    const early = external.filter(
      ({ from, to, dynamic, typeOnly }) => loaded.has(from) && !dynamic && !typeOnly && !runtime.includes(to),
    )
    expect(early.map(line), `${sentence}; node:path alone costs 0.4 ms and 1.7 MiB, see lib/path.ts`).toEqual([])
  })

  test('process.stdout and process.stdin are touched by main alone', () => {
    const touching = files.filter((file) => {
      const source = withoutComments(readFileSync(join(root, file), 'utf8'))
      return file !== 'src/main.ts' && /\bprocess\.(stdout|stdin|stderr)\b/.test(source)
    })
    expect(touching, `${sentence}; write through Outside`).toEqual([])
  })
})
