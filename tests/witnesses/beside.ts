// Lines as the official CLI runs them, beside the same lines as Virga runs them, against one server: what they print and how
// they end must be the same. Each side has names of its own, which lines and answers call by short ones.

import { describe, expect, test } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalServer } from './local-server.ts'
import { officialCli, scratch } from './witnesses.ts'

export interface Side {
  /** `theirs` or `ours`. */
  readonly name: string
  /** Where its lines are run. */
  readonly folder: string
  /** Runs Virga, which must succeed; what it printed. */
  made(...words: string[]): Promise<string>
}

interface Compared {
  readonly server: LocalServer
  readonly virga: string
  readonly lines: readonly string[]
  /** Makes a side's things; what lines call them, by their real names. */
  prepare(side: Side): Promise<Record<string, string>>
}

interface Printed {
  readonly out: string
  readonly err: string
  readonly code: number
}

/** Resolves once all lines have been run; what the sides left behind may be looked at then, in tests. */
export async function beside(what: string, { server, virga, lines, prepare }: Compared): Promise<readonly Side[]> {
  const official = await officialCli()
  if ('missing' in official) {
    test.skip(`the official CLI is missing: ${official.missing}`, () => {})
    console.log(`SKIPPED ${what} as the official CLI does it: ${official.missing}`)
    return []
  }
  const home = scratch('beside')
  const sides = [
    { name: 'theirs', program: official.found.aws },
    { name: 'ours', program: virga },
  ]
  const all = await Promise.all(
    sides.map(async ({ name, program }) => {
      const folder = join(home, name)
      mkdirSync(folder)
      const env = environment(server, home)
      const made = async (...words: string[]): Promise<string> => {
        const { out, err, code } = await run(virga, words, folder, env)
        if (code !== 0) throw new Error(`${words.join(' ')}: ${err}`)
        return out
      }
      const side: Side = { name, folder, made }
      const called = await prepare(side)
      const printed: Printed[] = []
      for (const line of lines) {
        const words = line.split(' ').map((word) => replaced(word, Object.entries(called)))
        const { out, err, code } = await run(program, words, folder, env)
        printed.push({ out: comparable(out, called), err: comparable(err, called), code })
      }
      return { side, printed }
    }),
  )
  const [theirs, ours] = all.map(({ printed }) => printed)
  describe(`${what} as the official CLI does it`, () => {
    test.each(lines.map((line, at) => [line, at] as const))('%s', (_line, at) => {
      expect(ours![at]).toEqual(theirs![at]!)
    })
  })
  return all.map(({ side }) => side)
}

/** Nobody resolves the names that an endpoint gets in front: the server is the proxy, too. */
function environment(server: LocalServer, home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...server.env,
    AWS_ENDPOINT_URL: server.url.replace('127.0.0.1', 'localhost'),
    http_proxy: server.url,
    no_proxy: '',
  }
}

async function run(
  program: string,
  words: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<Printed> {
  const child = Bun.spawn([program, ...words], { cwd, env, stdout: 'pipe', stderr: 'pipe' })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { out, err, code: await child.exited }
}

function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((done, [from, to]) => done.replaceAll(from, to), text)
}

/** Times apart, and in no order: transfers end as they end, over what was told of their way. */
function comparable(text: string, called: Record<string, string>): string {
  const plain = text.replaceAll(/^[\d-]{10} [\d:]{8}/gm, 'TIME').replaceAll(/"CreationDate": "[^"]+"/g, 'DATE')
  return replaced(
    plain,
    Object.entries(called).map(([name, real]) => [real, name] as const),
  )
    .split(/[\r\n]+/)
    .map((line) => line.trimEnd())
    .filter((line) => !line.startsWith('Completed '))
    .sort()
    .join('\n')
}

/** Two files, one of them in a folder, to be sent. */
export function plantTree({ folder }: Side): void {
  mkdirSync(join(folder, 'tree', 'b'), { recursive: true })
  writeFileSync(join(folder, 'tree', 'a.txt'), 'a')
  writeFileSync(join(folder, 'tree', 'b', 'c.txt'), 'ccc')
}
