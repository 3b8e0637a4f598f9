// How does a result reach the reader: in which format, through which query, past a pager or straight to stdout?

import { Failure } from '../lib/errors.ts'
import type { Structure, Value } from '../lib/value.ts'
import type { Settings } from '../client/settings.ts'
import type { Outside } from './door.ts'
import type { Globals } from './globals.ts'
import { formatOf } from './output/formats.ts'
import type { Result, Sink } from './output/formatter.ts'

export type Query = (value: Value) => Value

/** Undefined where none was given. Throws Failure('ParamValidation') with the reference's text. */
export async function compiledQuery(expression: string | undefined): Promise<Query | undefined> {
  if (expression === undefined) return undefined
  const { compile } = await import('../lib/jmespath/jmespath.ts')
  try {
    return compile(expression)
  } catch (error) {
    throw new Failure('ParamValidation', `Bad value for --query ${expression}: ${(error as Error).message}`)
  }
}

/** `--output`, else AWS_DEFAULT_OUTPUT, else the profile's, else JSON. */
export function outputName(globals: Globals, settings: Settings): string {
  const configured = settings.key('output')
  return globals.output ?? (typeof configured === 'string' && configured !== '' ? configured : 'json')
}

export async function show(
  result: Result, query: Query | undefined, globals: Globals, settings: Settings, outside: Outside,
): Promise<void> {
  const format = await formatOf(outputName(globals, settings))
  const pager = outside.stdout.terminal && globals.pager ? pagerOf(settings, outside.env) : undefined
  if (pager === undefined) return format.write(result, query, sinkOf(outside, globals, (text) => outside.stdout.write(text)))
  const { throughPager } = await import('./pager.ts')
  await throughPager(pager, outside.env, (write) => format.write(result, query, sinkOf(outside, globals, write)))
}

function sinkOf({ stdout }: Outside, { color }: Globals, write: (text: string) => boolean): Sink {
  return {
    write,
    terminal: stdout.terminal,
    get columns() {
      return stdout.columns
    },
    color: color === 'on' || (color === 'auto' && stdout.terminal),
  }
}

/** AWS_PAGER, cli_pager, PAGER, `less`; an empty one means none. */
function pagerOf(settings: Settings, env: Outside['env']): string | undefined {
  const pager = env.AWS_PAGER ?? settings.key('cli_pager') ?? env.PAGER ?? 'less'
  return typeof pager === 'string' && pager.trim() !== '' ? pager : undefined
}

/** A single value, as a result of one page. */
export function resultOf(title: string, value: Structure): Result {
  return {
    operation: title,
    pages: (async function* () { yield value })(),
    whole: async () => value,
    paginated: false,
    resumeToken: () => undefined,
  }
}
