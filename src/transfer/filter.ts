// Which names does the user want? Shell patterns, each adding or taking away, the last that fits deciding.

import { dirname, resolve } from 'node:path'
import type { Entry } from './entry.ts'
import { bucketAndKey, isS3Uri } from './places.ts'

export interface Rule {
  readonly include: boolean
  /** `*`, `?` and `[…]` stand for what they do in a shell; `*` for slashes too. */
  readonly pattern: string
}

export type Filter = (entry: Entry) => boolean

/** The two paths of the command, as typed. */
export interface Roots {
  readonly from: string
  readonly to: string
  readonly tree: boolean
}

/**
 * Rules count below either root: those that keep files at the target from being deleted are the same as those that
 * choose at the source. They are held against the whole path, as the reference does it. Undefined: all are wanted.
 */
export function filterOf(rules: readonly Rule[], { from, to, tree }: Roots): Filter | undefined {
  if (rules.length === 0) return undefined
  const roots = [rootOf(from, tree), rootOf(to, tree)]
  const tests = rules.flatMap(({ include, pattern }) =>
    roots.map((root) => ({ include, test: patternTest(below(root, pattern)) })),
  )
  return ({ path }) => {
    let wanted = true
    for (const { include, test } of tests) if (include !== wanted && test(path)) wanted = include
    return wanted
  }
}

function rootOf(path: string, tree: boolean): string {
  if (!isS3Uri(path)) return resolve(tree ? path : dirname(path))
  const { bucket, key } = bucketAndKey(path)
  if (tree || key.endsWith('/')) return `${bucket}/${key}`
  return `${bucket}/${key.slice(0, Math.max(0, key.lastIndexOf('/')))}`
}

function below(root: string, pattern: string): string {
  if (pattern.startsWith('/')) return pattern
  return root.endsWith('/') ? root + pattern : `${root}/${pattern}`
}

/** As Python's fnmatch reads patterns. https://docs.python.org/3/library/fnmatch.html */
export function patternTest(pattern: string): (text: string) => boolean {
  if (!/[?[]/.test(pattern)) {
    const star = pattern.indexOf('*')
    if (star < 0) return (text) => text === pattern
    if (star === pattern.length - 1) {
      const start = pattern.slice(0, -1)
      return (text) => text.startsWith(start)
    }
  }
  const expression = new RegExp(`^(?:${translated(pattern)})$`, 'su')
  return (text) => expression.test(text)
}

function translated(pattern: string): string {
  let source = ''
  for (let at = 0; at < pattern.length;) {
    const character = String.fromCodePoint(pattern.codePointAt(at)!)
    at += character.length
    if (character === '*') {
      if (!source.endsWith('.*')) source += '.*'
    } else if (character === '?') source += '.'
    else if (character === '[') {
      const end = classEnd(pattern, at)
      if (end < 0) source += '\\['
      else {
        source += characterClass(pattern.slice(at, end))
        at = end + 1
      }
    } else source += literal(character)
  }
  return source
}

/** Where the bracket that closes a class stands: a first one belongs to the class. */
function classEnd(pattern: string, start: number): number {
  let at = start
  if (pattern[at] === '!') at++
  if (pattern[at] === ']') at++
  return pattern.indexOf(']', at)
}

function characterClass(text: string): string {
  const negated = text.startsWith('!')
  const members = [...(negated ? text.slice(1) : text)]
  let source = ''
  for (let at = 0; at < members.length;) {
    const low = members[at]!
    const high = members[at + 2]
    if (members[at + 1] === '-' && high !== undefined) {
      if (low.codePointAt(0)! <= high.codePointAt(0)!) source += `${classMember(low)}-${classMember(high)}`
      at += 3
    } else {
      source += classMember(low)
      at++
    }
  }
  if (source === '') return negated ? '.' : '(?!)'
  return `[${negated ? '^' : ''}${source}]`
}

function literal(character: string): string {
  return /[\^$\\.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character
}

function classMember(character: string): string {
  return /[\^\\[\]-]/.test(character) ? `\\${character}` : character
}
