// The commands that AWS's documentation shows: which words a shell would make of them, and the files that the text gives with them.
//
// Read from a folder of awscli/examples: `SERVICE/COMMAND.rst`, where commands and files stand in indented blocks.

import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface Example {
  /** The page, and which command of it. */
  id: string
  argv: string[]
  files: Record<string, string>
}

export function examplesBelow(folder: string): Example[] {
  const pages = [...new Bun.Glob('**/*.rst').scanSync({ cwd: folder })].toSorted()
  return pages.flatMap((page) => examplesIn(page.replace(/\.rst$/, ''), readFileSync(join(folder, page), 'utf8')))
}

/** Commands that ask, listen, open a browser, run other programs, or (`s3`) have tests of their own. */
const needsSomebody =
  /^(configure|sso|login|logout|history|s3)( |$)|^logs (tail|start-live-tail)|^(ssm start-session|ecs execute-command)|^emr (ssh|socks|put|get) |^deploy (install|uninstall)|^ec2-instance-connect (ssh|open-tunnel)/

/** A literal block, and the sentence it stands under. */
interface Block {
  line: number
  title: string
  text: string
}

export function examplesIn(page: string, text: string): Example[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const blocks = blocksOf(lines)
  const examples: Example[] = []
  for (let at = 0; at < lines.length; at++) {
    const start = /^\s*(?:\$ *|C:\\> *)?(aws\s.*)$/.exec(lines[at]!)
    // A sentence may begin with the word too.
    if (!start || (lines[at]!.startsWith('aws ') && /[.:]\s*$/.test(lines[at]!))) continue
    const typed = commandFrom([start[1]!, ...lines.slice(at + 1, at + 400)])
    if (typed === undefined || typed.words.length < 3) continue
    const argv = typed.words.slice(1)
    if (needsSomebody.test(argv.join(' '))) continue
    examples.push({ id: `${page}#${examples.length + 1}`, argv, files: filesOf(argv, at, blocks) })
    at += typed.lines - 1
  }
  return examples
}

/** The words of a POSIX shell up to where the command ends; undefined where a quotation never does. */
function commandFrom(lines: readonly string[]): { words: string[]; lines: number } | undefined {
  const text = lines.join('\n')
  const words: string[] = []
  let word: string | undefined
  let at = 0
  const end = () => {
    if (word !== undefined) words.push(word)
    return { words, lines: text.slice(0, at).split('\n').length }
  }
  while (at < text.length) {
    const char = text[at]!
    const continued = /^\\[ \t]*\n/.exec(text.slice(at, at + 80))
    if (continued) {
      if (word !== undefined) words.push(word)
      word = undefined
      at += continued[0].length
    } else if (char === "'") {
      const close = text.indexOf("'", at + 1)
      if (close < 0) return undefined
      word = (word ?? '') + text.slice(at + 1, close)
      at = close + 1
    } else if (char === '"') {
      const close = /^"((?:[^"\\]|\\[^])*)"/.exec(text.slice(at))
      if (!close) return undefined
      word = (word ?? '') + close[1]!.replaceAll(/\\(?:(["\\$`])|\n)/g, '$1')
      at += close[0].length
    } else if (char === '\\') {
      word = (word ?? '') + (text[at + 1] ?? '')
      at += 2
    } else if ('|<>&;\n'.includes(char)) {
      if (char === '>' && /^[12]$/.test(word ?? '')) word = undefined
      return end()
    } else if (char === ' ' || char === '\t') {
      if (word !== undefined) words.push(word)
      word = undefined
      at++
    } else {
      word = (word ?? '') + char
      at++
    }
  }
  return end()
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = []
  let title = ''
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!
    if (/^\S/.test(line)) title = /^\S/.test(lines[at - 1] ?? '') ? `${title} ${line}` : line
    if (!/^\s+\S/.test(line)) continue
    const start = at
    while (at < lines.length && !/^\S/.test(lines[at]!)) at++
    const own = lines.slice(start, at--)
    const indent = Math.min(...own.filter((each) => each.trim() !== '').map((each) => /^\s*/.exec(each)![0].length))
    const text = own
      .map((each) => each.slice(indent))
      .join('\n')
      .trimEnd()
    blocks.push({ line: start, title, text: `${text}\n` })
  }
  return blocks
}

/** The files that the words name, as far as the text gives them: under their name, or as the only thing shown between. */
function filesOf(argv: readonly string[], line: number, blocks: readonly Block[]): Record<string, string> {
  const files: Record<string, string> = {}
  const own = blocks.filter(({ text, title }) => !/^(\$ *)?aws /.test(text) && !/^Output/i.test(title))
  for (const word of argv) {
    for (const [, bytes, name] of word.matchAll(/file(b)?:\/\/([^\s,}\]"']+)/g)) {
      if (/^([~/\\]|[A-Z]:)/.test(name!)) continue
      const titled = own.filter(({ title }) => title.includes(basename(name!)))
      const block =
        titled.find((each) => each.line > line) ??
        titled[0] ??
        own.find((each) => each.line > line && /^[[{<]/.test(each.text))
      if (block) files[name!] = block.text
      else if (bytes) files[name!] = 'bytes'
    }
  }
  return files
}
