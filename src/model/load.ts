// Which services are there, and where does each come from? The compiled set, overlaid by the user's own models.

import { LIST_SEPARATOR, join } from '../lib/path.ts'
import { Failure } from '../lib/errors.ts'
import { text } from '../lib/bytes.ts'
import { exists } from '../lib/files.ts'
import { openArchive } from './archive.ts'
import type { Archive } from './archive.ts'
import type { Actions } from './actions.ts'
import { PARTITIONS, readCommandNames, readCompiled } from './compiled.ts'
import type { CompiledService } from './compiled.ts'
import { filesOf, latestVersion, readRawModel, servicesIn } from './folder.ts'
import { readDocumentation } from './documentation.ts'
import type { CommandNames, Models, Operation, Service, ServiceDocumentation } from './model.ts'
import { describeRaw, documentationOf } from './raw.ts'
import type { RawModel, ServiceDefinition } from './raw.ts'
import { serviceFrom } from './service.ts'
import type { Description } from './service.ts'
import { fileSource } from './source.ts'
import { WIRE_NAMES, wireNamesOf } from './wire-names.ts'
import type { WireNames } from './wire-names.ts'
import type { ModelSource } from './source.ts'

export interface ModelPlaces {
  /** models.bin, as `scripts/models.ts` compiles it. */
  readonly source: ModelSource
  /** docs.bin; without it only the user's own models have documentation. */
  readonly docs?: ModelSource
  /** actions.bin, the service authorization data; a function where even naming it should wait until it is asked for. */
  readonly actions?: ModelSource | (() => Promise<ModelSource>)
  /** A compiled file to use instead of both: VIRGA_MODELS. Its documentation is looked for in `FILE.docs`. */
  readonly file?: string
  /** Directories of botocore models, the first winning over the later: `modelDirectories()`. */
  readonly extraDirectories?: readonly string[]
}

/** Reads the index only. Throws Failure('Model') naming the file when it is missing or not a compiled model file. */
export async function openModels(places: ModelPlaces): Promise<Models> {
  const source = places.file ? fileSource(places.file) : places.source
  const docs = places.file ? docsBeside(places.file) : places.docs
  return modelsOf(await openArchive(source, 'MO'), source.name, { ...places, docs })
}

/** The same over blocks that come from elsewhere than a file; `name` is what errors call it. */
export function modelsOf(
  archive: Archive,
  name: string,
  { docs, actions, extraDirectories = [] }: Omit<ModelPlaces, 'source' | 'file'>,
): Models {
  return new OverlaidModels(archive, name, { docs, actions }, extraDirectories)
}

/** Where botocore looks for a user's models: the directories of AWS_DATA_PATH, then `~/.aws/models`. */
export function modelDirectories(dataPath: string | undefined, home: string): string[] {
  const directories: string[] = []
  for (const directory of dataPath?.split(LIST_SEPARATOR) ?? [])
    if (directory !== '') directories.push(directory.replace(/^~(?=$|\/)/, home))
  return [...directories, join(home, '.aws', 'models')]
}

function docsBeside(file: string): ModelSource | undefined {
  return exists(`${file}.docs`) ? fileSource(`${file}.docs`) : undefined
}

interface ModelFolder {
  readonly folder: string
  readonly version: string
}

interface UserModel extends ModelFolder {
  readonly raw: RawModel
}

class OverlaidModels implements Models {
  readonly #archive: Archive
  readonly #file: string
  readonly #docs: ModelSource | undefined
  readonly #actionsSource: ModelPlaces['actions']
  readonly #directories: readonly string[]
  readonly #services = new Map<string, Promise<Service>>()
  #serviceNames: readonly string[] | undefined
  #docsArchive: Promise<Archive> | undefined
  #partitions: Promise<unknown> | undefined
  #wireNames: Promise<WireNames> | undefined
  #actions: Promise<Actions> | undefined

  constructor(
    archive: Archive,
    file: string,
    { docs, actions }: Pick<ModelPlaces, 'docs' | 'actions'>,
    directories: readonly string[],
  ) {
    this.#archive = archive
    this.#file = file
    this.#docs = docs
    this.#actionsSource = actions
    this.#directories = directories
  }

  get serviceNames(): readonly string[] {
    return (this.#serviceNames ??= this.#listServices())
  }

  has(service: string): boolean {
    return this.#isCompiled(service) || this.#newestFolder(service) !== undefined
  }

  service(name: string): Promise<Service> {
    let service = this.#services.get(name)
    if (service === undefined) this.#services.set(name, (service = this.#load(name)))
    return service
  }

  async commandNames(name: string): Promise<CommandNames> {
    if (this.#services.has(name) || this.#newestFolder(name) !== undefined) {
      const service = await this.service(name)
      return { names: service.commandNames, waits: Object.keys(service.waiters).length > 0 }
    }
    return (await readCommandNames(this.#archive, name)) ?? { names: [], waits: false }
  }

  async operation(service: string, operation: string): Promise<Operation> {
    return (await this.service(service)).operation(operation)
  }

  wireNames(): Promise<WireNames> {
    return (this.#wireNames ??= this.#readWireNames())
  }

  async #readWireNames(): Promise<WireNames> {
    const block = await this.#archive.read(WIRE_NAMES)
    const own = block === undefined ? this.serviceNames : this.#directories.flatMap(servicesIn)
    const index = wireNamesOf(await Promise.all(own.map((name) => this.service(name))))
    if (block === undefined) return index
    const known = JSON.parse(text(block)) as Record<string, readonly string[]>
    for (const [name, services] of Object.entries(index))
      known[name] = [...new Set([...services, ...(known[name] ?? [])])]
    return known
  }

  partitions(): Promise<unknown> {
    return (this.#partitions ??= this.#readPartitions())
  }

  async #readPartitions(): Promise<unknown> {
    const block = await this.#archive.read(PARTITIONS)
    if (block === undefined) throw new Failure('Model', `${this.#file}: it has no partitions`, { file: this.#file })
    return JSON.parse(text(block))
  }

  async documentation(service: string, operation?: string): Promise<ServiceDocumentation | undefined> {
    const user = this.#newestFolder(service) && this.#userModel(service, await this.#compiled(service))
    if (user !== undefined) return documentationOf(user.raw.service as ServiceDefinition)
    if (this.#docs === undefined) return undefined
    const archive = await (this.#docsArchive ??= openArchive(this.#docs, 'DO'))
    return readDocumentation(archive, service, operation)
  }

  actions(): Promise<Actions> {
    return (this.#actions ??= this.#openActions())
  }

  async #openActions(): Promise<Actions> {
    if (this.#actionsSource === undefined)
      throw new Failure('Model', 'there is no service authorization data here', { file: this.#file })
    const { openActions } = await import('./actions.ts')
    const source = this.#actionsSource
    return openActions(typeof source === 'function' ? await source() : source)
  }

  async #load(name: string): Promise<Service> {
    const compiled = await this.#compiled(name)
    const user = this.#userModel(name, compiled)
    if (user !== undefined) return serviceFrom(overlay(name, user, compiled))
    if (compiled !== undefined) return serviceFrom(compiled)
    throw new Failure('UnknownService', `there is no service ${name}`, { service: name })
  }

  async #compiled(name: string): Promise<CompiledService | undefined> {
    return this.#isCompiled(name) ? readCompiled(this.#archive, name, this.#file) : undefined
  }

  #isCompiled(name: string): boolean {
    return !name.startsWith('.') && this.#archive.has(name)
  }

  #listServices(): readonly string[] {
    const compiled = this.#archive.names.filter((name) => !name.startsWith('.'))
    const extra = this.#directories.flatMap(servicesIn).filter((name) => !this.#archive.has(name))
    return extra.length === 0 ? compiled : [...new Set([...compiled, ...extra])].sort()
  }

  /** As botocore: the newest version wins, and of the same version the user's. */
  #userModel(name: string, compiled: CompiledService | undefined): UserModel | undefined {
    const newest = this.#newestFolder(name)
    if (newest === undefined || (compiled !== undefined && compiled.version > newest.version)) return undefined
    const raw = readRawModel(newest.folder, filesOf(newest.folder))
    return raw && { ...newest, raw }
  }

  #newestFolder(name: string): ModelFolder | undefined {
    if (name === '' || name.startsWith('.') || name.includes('/') || name.includes('\\')) return undefined
    let newest: ModelFolder | undefined
    for (const directory of this.#directories) {
      const version = latestVersion(join(directory, name))
      if (version === undefined || (newest !== undefined && newest.version >= version)) continue
      newest = { folder: join(directory, name, version), version }
    }
    return newest
  }
}

/**
 * `aws configure add-model` writes service-2.json alone, mostly a preview of a service that exists: what else belongs to
 * the same version then comes from the compiled set, as botocore finds it in its own folder.
 */
function overlay(
  name: string,
  { folder, version, raw }: UserModel,
  compiled: CompiledService | undefined,
): Description {
  const own = describeRaw(name, raw, join(folder, 'service-2.json'))
  if (compiled?.version !== version) return own
  const paginatorOf = (operation: string) => {
    const position = compiled.operationNames.indexOf(operation)
    return position < 0 ? undefined : compiled.operation(position).paginator
  }
  return {
    ...own,
    operation: (position) => {
      const record = own.operation(position)
      return raw.paginators === undefined
        ? { ...record, paginator: paginatorOf(own.operationNames[position]!) }
        : record
    },
    waiters: raw.waiters === undefined ? compiled.waiters : own.waiters,
    ruleset: raw.ruleset === undefined ? compiled.ruleset : own.ruleset,
  }
}
