// Which output formats are there? Each is loaded when it is asked for.

import { Failure } from '../../lib/errors.ts'
import type { OutputFormat } from './formatter.ts'

const formats: Readonly<Record<string, () => Promise<OutputFormat>>> = {
  json: async () => (await import('./json.ts')).json,
  text: async () => (await import('./text.ts')).text,
  table: async () => (await import('./table.ts')).table,
  yaml: async () => (await import('./yaml.ts')).yaml,
  'yaml-stream': async () => (await import('./yaml.ts')).yamlStream,
  off: async () => (await import('./off.ts')).off,
}

/** The names, in the order in which `--output`'s choices are listed. */
export const formatNames: readonly string[] = Object.keys(formats)

/** Throws Failure('InvalidValue') for a name that is none of them, as a config file may hold one. */
export async function formatOf(name: string): Promise<OutputFormat> {
  if (!Object.hasOwn(formats, name)) throw new Failure('InvalidValue', `Unknown output type: ${name}`)
  return (formats[name] as () => Promise<OutputFormat>)()
}
