// How does a result reach the reader: in which format, through which query, past a pager or straight to stdout?

import { Failure } from '../lib/errors.ts'
import type { Structure, Value } from '../lib/value.ts'
import type { Settings } from '../client/settings.ts'
import type { Outside } from './door.ts'
import type { Globals } from './globals.ts'
import { formatOf } from './output/formats.ts'
import type { Result } from './output/formatter.ts'
import type { Presentation } from './output/present.ts'

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
  return globals.output ?? (textOf(settings.key('output')) || 'json')
}

export async function show(
  result: Result,
  query: Query | undefined,
  globals: Globals,
  settings: Settings,
  outside: Outside,
): Promise<void> {
  const format = await formatOf(outputName(globals, settings))
  const { openOutput } = await import('./output/sink.ts')
  const { color, pager } = globals
  const output = openOutput(outside, { color, pager, configuredPager: textOf(settings.key('cli_pager')) })
  try {
    await format.write(result, query, output.sink)
  } finally {
    await output.close()
  }
}

/** Text that is ready, past a pager where there is one. */
export async function showText(text: string, globals: Globals, settings: Settings, outside: Outside): Promise<void> {
  const { openOutput } = await import('./output/sink.ts')
  const { color, pager } = globals
  const output = openOutput(outside, { color, pager, configuredPager: textOf(settings.key('cli_pager')) })
  try {
    output.sink.write(text)
  } finally {
    await output.close()
  }
}

/** `cli_timestamp_format`. Throws Failure('Configuration') where it is none. */
export function presentationOf(settings: Settings): Presentation {
  const chosen = settings.key('cli_timestamp_format') ?? 'iso8601'
  if (chosen === 'wire' || chosen === 'iso8601') return { timestampFormat: chosen }
  const message = `Unknown cli_timestamp_format value: ${String(chosen)}, valid values are "wire" or "iso8601"`
  throw new Failure('Configuration', message)
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A single value, as a result of one page. */
export function resultOf(title: string, value: Structure): Result {
  return {
    operation: title,
    pages: (async function* () {
      yield value
    })(),
    whole: async () => value,
    paginated: false,
    resumeToken: () => undefined,
  }
}
