// Which options may stand anywhere on the command line, and what do they say?

import { Failure } from '../lib/errors.ts'
import { filter, some } from '../lib/iterate.ts'
import type { Given } from '../client/settings.ts'
import { parseKnown } from './argparse.ts'
import type { Option } from './argparse.ts'
import { integer } from './input/shorthand.ts'
import type { BinaryFormat } from './input/blobs.ts'

export type ErrorFormat = 'legacy' | 'json' | 'yaml' | 'text' | 'table' | 'enhanced'

export interface Globals {
  debug: boolean
  endpointUrl?: string
  verifySsl: boolean
  paginate: boolean
  output?: string
  query?: string
  profile?: string
  region?: string
  color: 'on' | 'off' | 'auto'
  signRequest: boolean
  caBundle?: string
  /** Seconds; 0 for none. */
  readTimeout?: number
  connectTimeout?: number
  binaryFormat?: BinaryFormat
  pager: boolean
  autoPrompt?: boolean
  errorFormat?: ErrorFormat
  /** Our own: what changes anything is refused. */
  readOnly?: boolean
}

/** In the reference's order, which help and the texts about ambiguous prefixes follow. */
export const globalOptions: readonly Option[] = [
  { name: '--debug', into: 'debug', flag: true },
  { name: '--endpoint-url', into: 'endpointUrl' },
  { name: '--no-verify-ssl', into: 'verifySsl', flag: false },
  { name: '--no-paginate', into: 'paginate', flag: false },
  { name: '--output', into: 'output', choices: ['json', 'text', 'table', 'yaml', 'yaml-stream', 'off'] },
  { name: '--query', into: 'query' },
  { name: '--profile', into: 'profile' },
  { name: '--region', into: 'region' },
  { name: '--version', into: 'version', flag: true, stops: true },
  { name: '--color', into: 'color', choices: ['on', 'off', 'auto'] },
  { name: '--no-sign-request', into: 'signRequest', flag: false },
  { name: '--ca-bundle', into: 'caBundle' },
  { name: '--cli-read-timeout', into: 'readTimeout' },
  { name: '--cli-connect-timeout', into: 'connectTimeout' },
  { name: '--cli-binary-format', into: 'binaryFormat', choices: ['base64', 'raw-in-base64-out'] },
  { name: '--no-cli-pager', into: 'noPager', flag: true },
  { name: '--cli-auto-prompt', into: 'autoPrompt', flag: true },
  { name: '--no-cli-auto-prompt', into: 'noAutoPrompt', flag: true },
  {
    name: '--cli-error-format',
    into: 'errorFormat',
    choices: ['legacy', 'json', 'yaml', 'text', 'table', 'enhanced'],
  },
]

export interface CommandLine {
  globals: Globals
  /** The first word that is no option: `ec2`. */
  command: string
  /** What the command and its layers are to understand. */
  rest: string[]
  /** `--version` was met before anything was wrong. */
  version: boolean
}

/** Any command will do where `commands` is left out. Throws Failure('ParamValidation' | 'InvalidValue'). */
export function parseGlobals(typed: readonly string[], commands?: readonly string[]): CommandLine {
  const own = ownOptions(typed)
  const { words } = own
  firstPass(words)
  const command: Option = { name: 'command', into: 'command', positional: true, choices: commands }
  const { values, rest, stopped } = parseKnown([...globalOptions, command], words)
  if (stopped !== undefined) return { globals: defaults(), command: '', rest: [], version: true }
  return {
    globals: { ...globalsFrom(values), ...own.globals },
    command: values.command as string,
    rest,
    version: false,
  }
}

/**
 * `--read-only` is not the reference's: it counts where it stands as a whole word, so that `--re` goes on meaning
 * --region. Storage Gateway has an argument of that name, which stands after the service.
 */
function ownOptions(typed: readonly string[]): { words: readonly string[]; globals: Partial<Globals> } {
  const at = typed.indexOf('--read-only')
  if (at < 0 || typed.slice(0, at).includes('storagegateway')) return { words: typed, globals: {} }
  const isOurs = (index: number): boolean => index === at || !typed.includes('storagegateway')
  return { words: typed.filter((word, index) => word !== '--read-only' || !isOurs(index)), globals: { readOnly: true } }
}

function defaults(): Globals {
  return { debug: false, verifySsl: true, paginate: true, color: 'auto', signRequest: true, pager: true }
}

/** The reference reads --profile and --debug before anything else, and complains of them in a parser of their own. */
function firstPass(words: readonly string[]): void {
  if (!some(words, (word) => word.startsWith('--d') || word.startsWith('--p'))) return
  const own = filter(globalOptions, ({ name }) => name === '--profile' || name === '--debug').reverse()
  parseKnown(own, words, 'usage: aws [--profile PROFILE] [--debug]\n')
}

function globalsFrom(values: Record<string, unknown>): Globals {
  if (values.autoPrompt === true && values.noAutoPrompt === true) {
    throw new Failure(
      'ParamValidation',
      'Both --cli-auto-prompt and --no-cli-auto-prompt cannot be specified at the same time.',
    )
  }
  const { noPager, noAutoPrompt, command: _command, ...plain } = values
  const globals: Globals = { ...defaults(), ...(plain as Partial<Globals>), pager: noPager !== true }
  if (noAutoPrompt === true) globals.autoPrompt = false
  // `--profile "$PROFILE"` of a script that has none.
  if (globals.profile === '') delete globals.profile
  return globals
}

/** Told only once it is known how errors are to be shown. Throws Failure('ParamValidation' | 'InvalidValue'). */
export function checkGlobals(globals: Globals): void {
  if (globals.endpointUrl !== undefined) requireScheme(globals.endpointUrl)
  for (const which of ['readTimeout', 'connectTimeout'] as const) {
    if (globals[which] !== undefined) globals[which] = Number(integer(globals[which] as number | string))
  }
}

/** A scheme is what Python's urlparse takes for one. */
function requireScheme(url: string): void {
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(url)) return
  throw new Failure(
    'ParamValidation',
    `Bad value for --endpoint-url "${url}": scheme is missing.  Must be of the form http://<hostname>/ or ` +
      'https://<hostname>/',
  )
}

/** What the client is told outright. Throws Failure('InvalidValue') for a timeout below 0, which nobody minds before. */
export function givenFrom(globals: Globals, debug: ((line: string) => void) | undefined): Given {
  return {
    profile: globals.profile,
    region: globals.region,
    endpointUrl: globals.endpointUrl,
    anonymous: !globals.signRequest,
    verifySsl: globals.verifySsl,
    caBundle: globals.caBundle,
    readTimeout: timeout('read', globals.readTimeout),
    connectTimeout: timeout('connect', globals.connectTimeout),
    scalars: 'wire',
    debug,
  }
}

function timeout(which: string, seconds: number | undefined): number | undefined {
  if (seconds === undefined || seconds >= 0) return seconds
  throw new Failure(
    'InvalidValue',
    `Attempted to set ${which} timeout to ${seconds}, but the timeout cannot be set to a value less than or equal to 0.`,
  )
}
