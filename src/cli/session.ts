// What does one run of a command share? The settings, made once and only when they are needed, and the ways to call and
// to print. Every command, the models' and our own, is handed one.

import { Failure } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import type { Operation } from '../model/model.ts'
import type { Settings, Surroundings } from '../client/settings.ts'
import type { Aliases } from './aliases.ts'
import type { Context } from './commands/command.ts'
import type { Outside } from './door.ts'
import { named } from './error-operation.ts'
import { givenFrom } from './globals.ts'
import type { Globals } from './globals.ts'
import type { Recorder } from './history/recorder.ts'
import type { BinaryFormat } from './input/blobs.ts'
import { show, resultOf } from './show.ts'
import type { Query } from './show.ts'

export class Session implements Context {
  readonly outside: Outside
  readonly globals: Globals
  readonly query: Query | undefined
  readonly aliases: Aliases | undefined
  /** How many aliases led here. */
  readonly aliasesUsed: number
  #settings: Promise<Settings> | undefined
  /** Shared with the sessions behind aliases: one run, one history. */
  #journal: { recorder?: Recorder | undefined; closed?: boolean } = {}

  constructor(outside: Outside, globals: Globals, query: Query | undefined, aliases?: Aliases, aliasesUsed = 0) {
    this.outside = outside
    this.globals = globals
    this.query = query
    this.aliases = aliases
    this.aliasesUsed = aliasesUsed
  }

  /** The session that goes on behind an alias, under its options. */
  under(globals: Globals, query: Query | undefined): Session {
    const session = new Session(this.outside, globals, query, this.aliases, this.aliasesUsed + 1)
    session.#journal = this.#journal
    return session
  }

  readonly settings = (): Promise<Settings> => (this.#settings ??= this.#load())

  async #load(): Promise<Settings> {
    const { loadSettings } = await import('../client/config/load.ts')
    const settings = await loadSettings(
      this.outside.models,
      givenFrom(this.globals, this.debug),
      surroundings(this.outside),
    )
    return this.#restrained(settings.key('cli_history') === 'enabled' ? await this.#recorded(settings) : settings)
  }

  /** With `cli_history = enabled`: all that is done is kept. */
  async #recorded(settings: Settings): Promise<Settings> {
    if (this.#journal.closed) return settings
    const { startRecorder, recorded } = await import('./history/recorder.ts')
    this.#journal.recorder = await startRecorder(this.outside)
    return this.#journal.recorder === undefined ? settings : recorded(settings, this.#journal.recorder)
  }

  unrecorded(): void {
    this.#journal.closed = true
  }

  /** The run is over. */
  ended(exit: number): void {
    this.#journal.recorder?.ended(exit)
  }

  async #restrained(settings: Settings): Promise<Settings> {
    if (this.globals.readOnly !== true && !this.outside.env['VIRGA_READ_ONLY']) return settings
    const { isReadOnly, refusesChanges } = await import('./read-only.ts')
    return isReadOnly(this.globals, this.outside.env)
      ? { ...settings, refuse: refusesChanges(this.outside.models) }
      : settings
  }

  /**
   * How the profile wants errors shown; plainly where there is no such profile. Throws Failure('InvalidConfig') where a file cannot
   * be read at all: the reference would not have come further.
   */
  async configuredErrorFormat(): Promise<string | undefined> {
    try {
      const format = (await this.settings()).key('cli_error_format')
      return typeof format === 'string' ? format : undefined
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (error.detail.path !== undefined) throw error
      return error.kind === 'ProfileNotFound' ? 'legacy' : undefined
    }
  }

  /** How blobs are written in the input. Throws Failure('InvalidConfig') where the profile says what is none. */
  async binaryFormat(): Promise<BinaryFormat> {
    const { key } = await this.settings()
    const format = this.globals.binaryFormat ?? (key('cli_binary_format') || 'base64')
    if (format === 'base64' || format === 'raw-in-base64-out') return format
    const message = `Unknown cli_binary_format value: ${String(format)}, valid values are "base64" or "raw-in-base64-out"`
    throw new Failure('InvalidConfig', message)
  }

  get debug(): ((line: string) => void) | undefined {
    return this.globals.debug ? this.warn : undefined
  }

  readonly call = async (service: string, operation: string, input: Structure): Promise<Structure> => {
    return this.send(await this.outside.models.operation(service, operation), input)
  }

  /** One call; an error knows afterwards which operation it came from. */
  async send(operation: Operation, input: Structure): Promise<Structure> {
    const { call } = await import('../client/call.ts')
    const settings = await this.settings()
    return named(operation, () => call(operation, input, settings))
  }

  async *pages(service: string, name: string, input: Structure): AsyncIterable<Structure> {
    const [{ pagesWith }, settings] = await Promise.all([import('./clients.ts'), this.settings()])
    yield* pagesWith(settings, service, name, input)
  }

  readonly show = async (title: string, value: Structure): Promise<void> => {
    await show(resultOf(title, value), this.query, this.globals, await this.settings(), this.outside)
  }

  readonly write = (text: string): void => {
    this.outside.stdout.write(text)
  }

  readonly warn = (line: string): void => {
    this.outside.stderr.write(`${line}\n`)
  }
}

export function surroundings(outside: Outside): Surroundings {
  return {
    env: outside.env,
    home: outside.home,
    clock: outside.clock,
    doors: { ...outside.doors, 'virga-local': (request, options) => outside.local.send(request, options) },
    builtInProfiles: { local: () => outside.local.profile() },
    ask: (prompt, secret) => asked(prompt, secret, outside),
  }
}

/** At the terminal; where there is none, the next line that is fed answers. */
async function asked(prompt: string, secret: boolean, outside: Outside): Promise<string> {
  if (outside.unattended === true)
    throw new Failure('CredentialRetrieval', `There is nobody to ask: ${prompt.replace(/[:\s]+$/, '')}`)
  const [{ ask }, { prompter }] = await Promise.all([import('./ask.ts'), import('./prompt.ts')])
  const answer = await ask(prompt, secret)
  if (answer !== undefined) return answer
  const toStderr = { write: (text: string | Uint8Array) => (outside.stderr.write(String(text)), true) }
  const line = await prompter({ ...outside, stdout: { ...outside.stdout, ...toStderr } })
    .ask(prompt)
    .catch(() => {
      throw new Failure('CredentialRetrieval', 'An answer is needed, and there is no terminal to ask at')
    })
  outside.stderr.write('\n')
  return line
}
