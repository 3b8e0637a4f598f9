// How does a recorded event look? A title, when it was, and what is known of it.

import { parseJson } from '../../../lib/json.ts'
import { compareText, str } from '../../../lib/python.ts'
import { isStructure, structureOf } from '../../../lib/value.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import { escapeAttribute, escapeText, parseXml } from '../../../lib/xml.ts'
import type { XmlElement } from '../../../lib/xml.ts'
import type { Row } from '../../history/database.ts'
import { asciiJsonText } from '../../output/json.ts'

interface Part {
  readonly description: string
  /** The payload's own, where it is not the payload as a whole. */
  readonly key?: string
  readonly as?: 'dictionary' | 'body'
}

interface Section {
  readonly title?: string
  readonly parts: readonly Part[]
}

const sections: Readonly<Record<string, Section>> = {
  CLI_VERSION: { title: 'AWS CLI command entered', parts: [{ description: 'with AWS CLI version' }] },
  CLI_ARGUMENTS: { parts: [{ description: 'with arguments' }] },
  API_CALL: {
    title: 'API call made',
    parts: [
      { description: 'to service', key: 'service' },
      { description: 'using operation', key: 'operation' },
      { description: 'with parameters', key: 'params', as: 'dictionary' },
    ],
  },
  HTTP_REQUEST: {
    title: 'HTTP request sent',
    parts: [
      { description: 'to URL', key: 'url' },
      { description: 'with method', key: 'method' },
      { description: 'with headers', key: 'headers', as: 'dictionary' },
      { description: 'with body', key: 'body', as: 'body' },
    ],
  },
  HTTP_RESPONSE: {
    title: 'HTTP response received',
    parts: [
      { description: 'with status code', key: 'status_code' },
      { description: 'with headers', key: 'headers', as: 'dictionary' },
      { description: 'with body', key: 'body', as: 'body' },
    ],
  },
  PARSED_RESPONSE: { title: 'HTTP response parsed', parts: [{ description: 'parsed to', as: 'dictionary' }] },
  CLI_RC: { title: 'AWS CLI command exited', parts: [{ description: 'with return code' }] },
}

const [BRIGHT, CYAN, RESET] = ['\x1b[1m', '\x1b[36m', '\x1b[0m']

/** Events of one call bear its number: the writer counts them. */
export function eventWriter(colored: boolean): (row: Row) => string {
  const calls = new Map<string, number>()
  const paint = (text: string, color: string): string => (colored ? `${color}${text}${RESET}` : text)
  return (row) => {
    const section = sections[row.event_type]
    if (section === undefined) return ''
    const payload = parseJson(row.payload, { wire: true }) as Value
    const lines = section.parts.map((part) => `${paint(`${part.description}: `, CYAN)}${valueText(payload, part)}\n`)
    if (section.title === undefined) return lines.join('')
    const { request_id: call } = row
    if (call !== null && !calls.has(call)) calls.set(call, calls.size)
    const title = call === null ? section.title : `[${calls.get(call)}] ${section.title}`
    return `\n${paint(title, BRIGHT)}\n${paint('at time: ', CYAN)}${localTime(row.timestamp)}\n${lines.join('')}`
  }
}

function valueText(payload: Value, { key, as }: Part): string {
  const value = key === undefined ? payload : ((payload as Structure)[key] ?? null)
  if (as === 'dictionary')
    return dictionaryText(value).replace(/Signature=([a-z0-9]{4})[a-z0-9]{60}/g, 'Signature=$1...')
  return as === 'body' ? bodyText(value as string | null, (payload as Structure).streaming === true) : str(value)
}

function dictionaryText(value: Value): string {
  return asciiJsonText(sorted(value))
}

function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isStructure(value)) return value
  return structureOf(
    Object.keys(value)
      .toSorted(compareText)
      .map((key) => [key, sorted(value[key] ?? null)] as const),
  )
}

function bodyText(body: string | null, streaming: boolean): string {
  if (!body) return 'There is no associated body'
  if (streaming) return 'The body is a stream and will not be displayed'
  try {
    return xmlText(body)
  } catch {
    // Then it is something else.
  }
  if (!body.startsWith('{')) return body
  try {
    return dictionaryText(parseJson(body, { wire: true }) as Value)
  } catch {
    return body
  }
}

/** As Python's minidom prints: a text by itself stays in its element's line. */
function xmlText(source: string): string {
  return `<?xml version="1.0" ?>\n${elementText(parseXml(source), '')}`
}

function elementText(element: XmlElement, margin: string): string {
  const attributes = Object.entries(element.attributes ?? {})
    .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
    .join('')
  const open = `${margin}<${element.name}${attributes}`
  const children = element.children ?? []
  if (children.length === 0) {
    const text = (element.text ?? '')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .join('')
    return text === '' ? `${open}/>\n` : `${open}>${escapeText(text)}</${element.name}>\n`
  }
  return `${open}>\n${children.map((child) => elementText(child, `${margin}    `)).join('')}${margin}</${element.name}>\n`
}

/** `2026-01-02 03:04:05.678`. */
function localTime(timestamp: number): string {
  const date = new Date(timestamp)
  return new Date(timestamp - date.getTimezoneOffset() * 60_000).toISOString().replace('T', ' ').replace('Z', '')
}
