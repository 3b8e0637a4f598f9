// A release, in dist/release: `npm run release`.
//
//   npm run release                                       every machine
//   npm run release -- --targets linux-x64,darwin-arm64   these
//   npm run release -- --download https://…               where install.sh will find the files
//
//   cli-linux-x64-0.1.0.tgz …   the program with its manual and completions: npm's @virga/cli-linux-x64, and what
//                               install.sh unpacks
//   virga-0.1.0.tgz             npm's virga: the library, and a launcher for the program
//   install.sh                  knows the checksums of this release
//   SHA256SUMS, sbom.cdx.json   of all files; what is inside
//   linux-x64/ …                the packages, unpacked
//
// The same sources, lock file and Bun give the same bytes.

import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import packageJson from '../package.json'
import { completionScript, shells } from '../src/cli/complete/scripts.ts'
import type { Shell } from '../src/cli/complete/scripts.ts'
import { openModels } from '../src/model/load.ts'
import { fileSource } from '../src/model/source.ts'
import { buildProgram } from './build/program.ts'
import { manual } from './release/manual.ts'
import { sbom } from './release/sbom.ts'
import { tarballOfFolder } from './release/tarball.ts'
import { packageOf, programOf, tarballOf, targets, targetsNamed } from './release/targets.ts'
import type { Target } from './release/targets.ts'

const ROOT = join(import.meta.dirname, '..')
const { version } = packageJson

/** Where each shell looks for completions, below a prefix. */
const COMPLETIONS: Readonly<Record<Shell, string>> = {
  bash: 'share/bash-completion/completions/virga',
  zsh: 'share/zsh/site-functions/_virga',
  fish: 'share/fish/vendor_completions.d/virga.fish',
  powershell: 'share/virga/completion.ps1',
}

interface Wanted {
  readonly folder: string
  readonly targets: readonly Target[]
  readonly download: string
}

async function release({ folder, targets: wanted, download }: Wanted): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const share = join(folder, 'share')
  await writeShare(folder)
  for (const target of wanted) {
    const started = Date.now()
    const made = await packProgram(target, folder)
    console.log(`${made} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  }
  rmSync(share, { recursive: true })
  packLibrary(folder)
  writeFileSync(join(folder, 'sbom.cdx.json'), sbom(ROOT))
  writeInstaller(folder, download)
  writeSums(folder)
  console.log(`a release of ${version} is ${folder}`)
}

/** Manual and completions, the same for every machine. */
async function writeShare(folder: string): Promise<void> {
  const models = await openModels({ source: fileSource(join(ROOT, 'build/models.bin')) })
  put(join(folder, 'share/man/man1/virga.1'), await manual(models))
  for (const shell of shells) put(join(folder, COMPLETIONS[shell]), completionScript(shell, 'virga'))
}

function put(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
}

/** Returns the tarball's name. */
async function packProgram(target: Target, folder: string): Promise<string> {
  const unpacked = join(folder, target.name)
  const program = join(unpacked, 'bin', programOf(target))
  await buildProgram({ root: ROOT, outfile: program, target: target.bun })
  chmodSync(program, 0o755)
  cpSync(join(folder, 'share'), join(unpacked, 'share'), { recursive: true })
  copyLicences(unpacked)
  writeJson(join(unpacked, 'package.json'), {
    ...common(),
    name: packageOf(target),
    description: `The program of virga, for ${target.name}`,
    os: [target.os],
    cpu: [target.cpu],
    ...(target.libc !== undefined && { libc: [target.libc] }),
    preferUnplugged: true,
  })
  const tarball = tarballOf(target, version)
  writeFileSync(join(folder, tarball), tarballOfFolder(unpacked))
  return tarball
}

/** The library, where it is built, with what starts the program. */
function packLibrary(folder: string): void {
  const unpacked = join(folder, 'virga')
  const built = Bun.spawnSync([process.execPath, join(ROOT, 'scripts/library.ts'), unpacked], { stderr: 'inherit' })
  if (built.exitCode !== 0) throw new Error('scripts/library.ts failed (see above)')
  const manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8')) as Record<string, unknown>
  mkdirSync(join(unpacked, 'bin'), { recursive: true })
  copyFileSync(join(ROOT, 'scripts/release/launcher.mjs'), join(unpacked, 'bin/virga.mjs'))
  chmodSync(join(unpacked, 'bin/virga.mjs'), 0o755)
  copyLicences(unpacked)
  writeJson(join(unpacked, 'package.json'), {
    ...manifest,
    bin: { virga: 'bin/virga.mjs' },
    optionalDependencies: Object.fromEntries(targets.map((target) => [packageOf(target), version])),
  })
  writeFileSync(join(folder, `virga-${version}.tgz`), tarballOfFolder(unpacked))
}

function common(): object {
  const { license, engines } = packageJson
  return { version, license, engines }
}

function copyLicences(unpacked: string): void {
  for (const file of ['LICENSE', 'NOTICE'])
    if (existsSync(join(ROOT, file))) copyFileSync(join(ROOT, file), join(unpacked, file))
}

function writeJson(path: string, content: object): void {
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`)
}

/** install.sh of the sources, with the version, the checksums and the address of this release. */
function writeInstaller(folder: string, download: string): void {
  const sums = readdirSync(folder)
    .filter((file) => file.startsWith('cli-'))
    .sort()
    .map((file) => `${sumOf(join(folder, file))}  ${file}`)
  const source = readFileSync(join(ROOT, 'install.sh'), 'utf8')
  const filled = source
    .replace("VERSION=''", `VERSION='${version}'`)
    .replace("PLACE=''", `PLACE='${download.replaceAll("'", '')}'`)
    .replace("SUMS='\n'", `SUMS='\n${sums.join('\n')}\n'`)
  writeFileSync(join(folder, 'install.sh'), filled, { mode: 0o755 })
}

function writeSums(folder: string): void {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  const lines = files.map(({ name }) => `${sumOf(join(folder, name))}  ${name}`).sort()
  writeFileSync(join(folder, 'SHA256SUMS'), `${lines.join('\n')}\n`)
}

function sumOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

try {
  const { values } = parseArgs({
    options: { targets: { type: 'string' }, out: { type: 'string' }, download: { type: 'string' } },
  })
  await release({
    folder: values.out ?? join(ROOT, 'dist/release'),
    targets: targetsNamed(values.targets),
    download: values.download ?? '',
  })
} catch (error) {
  console.error(`release: ${(error as Error).message}`)
  process.exitCode = 1
}
