// A project of somebody who installed the package: an empty folder, the tarball that would be published, and tools.

import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { consumerTools, scratch, type Witness } from './witnesses.ts'

const ROOT = join(import.meta.dir, '..', '..')
const PACKAGE = join(ROOT, 'dist/npm/virga')

export interface Consumer {
  readonly folder: string
  /** The packed file, in bytes. */
  readonly packed: number
}

/** Compilers by name: what of TypeScript is still used, and what is built with here. */
export function compilers(): Record<string, string> {
  const tools = consumerTools()
  const own = { 'TypeScript 7': join(ROOT, 'node_modules/.bin/tsc') }
  return 'found' in tools ? { 'TypeScript 5.9': join(tools.found, 'node_modules/.bin/tsc'), ...own } : own
}

let made: Witness<Consumer> | undefined

/** Installed by npm from the tarball, once a process; nothing else is asked of a registry. */
export function consumer(): Witness<Consumer> {
  return (made ??= make())
}

function make(): Witness<Consumer> {
  const tools = consumerTools()
  if ('missing' in tools) return tools
  if (!existsSync(join(PACKAGE, 'package.json'))) throw new Error(`${PACKAGE} is missing: npm run library makes it`)
  const folder = scratch('consumer')
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const npm = (...args: string[]): string => {
    const { stdout, stderr, exitCode } = Bun.spawnSync(['npm', ...args], {
      cwd: folder,
      env: surroundings(folder),
      stderr: 'pipe',
    })
    if (exitCode !== 0) throw new Error(`npm ${args[0]} ended with ${exitCode}:\n${stderr}`)
    return stdout.toString()
  }
  const [tarball] = npm('pack', PACKAGE, '--pack-destination', folder, '--ignore-scripts', '--silent')
    .trim()
    .split('\n')
  writeFileSync(join(folder, 'package.json'), '{"name":"consumer","private":true,"type":"module"}')
  npm('install', `./${tarball}`, '--offline', '--omit=optional', '--no-audit', '--no-fund', '--ignore-scripts')
  for (const name of ['@types/node', 'undici-types']) linked(join(tools.found, 'node_modules', name), folder, name)
  for (const file of readdirSync(join(ROOT, 'tests/consumer')))
    copyFileSync(join(ROOT, 'tests/consumer', file), join(folder, file))
  const options = { strict: true, target: 'es2022', module: 'nodenext', noEmit: true, types: ['node'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['program.ts'] }))
  return { found: { folder, packed: Bun.file(join(folder, tarball!)).size } }
}

function linked(target: string, folder: string, name: string): void {
  const link = join(folder, 'node_modules', name)
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(target, link)
}

/** What it prints; throws all of it where it fails. Not waited for in one breath: the test may be its server. */
export async function run(command: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<string> {
  const child = Bun.spawn([...command], { cwd, env: surroundings(cwd, env), stdout: 'pipe', stderr: 'pipe' })
  const [out, error] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  const code = await child.exited
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${out}${error}`)
  return out
}

function surroundings(cwd: string, env: Record<string, string> = {}): Record<string, string> {
  const npm = { npm_config_cache: join(cwd, '.npm'), npm_config_update_notifier: 'false' }
  return { PATH: process.env.PATH ?? '', HOME: cwd, ...npm, ...env }
}

/** The compiler's errors, by line, of these files; none of libraries are passed over. */
export function errorsOf(compiler: string, folder: string, files: readonly string[]): { line: number; text: string }[] {
  const config = join(folder, 'tsconfig.check.json')
  writeFileSync(config, JSON.stringify({ extends: './tsconfig.json', files }))
  const { stdout } = Bun.spawnSync([compiler, '-p', config, '--pretty', 'false'], { cwd: folder, stdout: 'pipe' })
  const found: { line: number; text: string }[] = []
  for (const line of stdout
    .toString()
    .split('\n')
    .filter((each) => each !== '')) {
    const place = /^[^(\s][^(]*\((\d+),\d+\): (.*)$/.exec(line)
    if (place) found.push({ line: Number(place[1]), text: place[2]! })
    else if (found.length > 0) found.at(-1)!.text += `\n${line}`
    else found.push({ line: 0, text: line })
  }
  return found
}
