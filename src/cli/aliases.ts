// Which commands did people name themselves? ~/.aws/cli/alias:
//
//   [toplevel]
//   whoami = sts get-caller-identity        other words for words of ours; options of any command may stand in it
//   today = !date +%F                       a line for the shell; what is typed after it is added, quoted
//   [command ec2]
//   mine = describe-instances --owners self
//   wait = wait --region eu-west-1          an alias may bear the name of what it stands for
//
// https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-alias.html

import { readFileSync } from 'node:fs'
import { Failure } from '../lib/errors.ts'
import { IniError, parseIni } from '../lib/ini.ts'

export class Aliases {
  /** By the words before them, joined by a space; '' for the first word. */
  readonly #below: ReadonlyMap<string, ReadonlyMap<string, string>>

  constructor(text: string, file: string) {
    this.#below = readAliases(text, file)
  }

  names(path: readonly string[]): string[] {
    return [...(this.#below.get(path.join(' '))?.keys() ?? [])]
  }

  /** What the alias stands for; undefined where the word is none. */
  find(path: readonly string[], word: string): string | undefined {
    return this.#below.get(path.join(' '))?.get(word)
  }
}

/** Throws Failure('InvalidConfig'). */
export function aliasesIn(file: string): Aliases {
  return new Aliases(readFileSync(file, 'utf8'), file)
}

function readAliases(text: string, file: string): Map<string, ReadonlyMap<string, string>> {
  const below = new Map<string, ReadonlyMap<string, string>>()
  try {
    for (const [header, section] of parseIni(text, { blocks: false })) {
      const path =
        header === 'toplevel' ? '' : header.startsWith('command ') ? header.split(/\s+/).slice(1).join(' ') : undefined
      if (path === undefined) continue
      below.set(path, new Map(Object.entries(section).map(([name, value]) => [name, (value as string).trim()])))
    }
  } catch (error) {
    if (!(error instanceof IniError)) throw error
    throw new Failure('InvalidConfig', `Unable to parse config file: ${file}`, { line: error.line }, error)
  }
  return below
}
