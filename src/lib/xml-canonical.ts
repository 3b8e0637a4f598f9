// Which bytes of an XML document does a signature sign? Exclusive Canonical XML without comments: one form for all the
// ways to write the same. https://www.w3.org/TR/xml-exc-c14n/
//
//   <b:x  b='1' xmlns:b="urn:b" xmlns:c="urn:c"/>   →   <b:x xmlns:b="urn:b" b="1"></b:x>

import type { XmlElement } from './xml.ts'

/** Namespaces by prefix; the default one by ''. */
export type Namespaces = ReadonlyMap<string, string>

const none: Namespaces = new Map()

export interface Choice {
  /** What is left out, with all that is in it. */
  readonly without?: XmlElement
  /** Prefixes that are kept wherever they are declared: `PrefixList` of InclusiveNamespaces, `#default` as ''. */
  readonly inclusive?: readonly string[]
}

/** `element` must have been read by parseWholeXml; `around` are the namespaces declared outside of it. */
export function canonical(element: XmlElement, around = none, choice: Choice = {}): string {
  const out: string[] = []
  write(element, around, none, choice, out)
  return out.join('')
}

/** The namespaces that hold in an element. */
export function namespacesIn(element: XmlElement, around = none): Namespaces {
  let inner: Map<string, string> | undefined
  for (const name in element.attributes) {
    const prefix = declared(name)
    if (prefix !== undefined) (inner ??= new Map(around)).set(prefix, element.attributes[name]!)
  }
  return inner ?? around
}

/** The prefix that an attribute declares. */
function declared(name: string): string | undefined {
  return name === 'xmlns' ? '' : name.startsWith('xmlns:') ? name.slice(6) : undefined
}

/** The namespace of an element's name. */
export function namespaceOf(element: XmlElement, inScope: Namespaces): string {
  return inScope.get(prefixOf(element.whole!.tag)) ?? ''
}

function prefixOf(name: string): string {
  const colon = name.indexOf(':')
  return colon < 0 ? '' : name.slice(0, colon)
}

/** `rendered`: the declarations that stand in the output around. */
function write(element: XmlElement, around: Namespaces, rendered: Namespaces, choice: Choice, out: string[]): void {
  const { tag, nodes } = element.whole!
  const inScope = namespacesIn(element, around)
  const attributes = Object.entries(element.attributes ?? {}).filter(([name]) => declared(name) === undefined)
  const used = new Set([prefixOf(tag), ...attributes.map(([name]) => prefixOf(name)).filter((prefix) => prefix !== '')])
  for (const prefix of choice.inclusive ?? []) if (inScope.has(prefix)) used.add(prefix)
  used.delete('xml')
  const now = new Map(rendered)
  out.push('<', tag)
  for (const prefix of [...used].sort(byCodePoint)) {
    const uri = inScope.get(prefix) ?? ''
    if (uri === (rendered.get(prefix) ?? '')) continue
    now.set(prefix, uri)
    out.push(prefix === '' ? ' xmlns="' : ` xmlns:${prefix}="`, attributeText(uri), '"')
  }
  // An attribute without a prefix is in no namespace, and those come first.
  const sorted = attributes.map(([name, value]) => {
    const prefix = prefixOf(name)
    const uri = prefix === '' ? '' : prefix === 'xml' ? 'http://www.w3.org/XML/1998/namespace' : inScope.get(prefix)!
    return { name, value, uri, local: name.slice(name.indexOf(':') + 1) }
  })
  sorted.sort((a, b) => byCodePoint(a.uri, b.uri) || byCodePoint(a.local, b.local))
  for (const { name, value } of sorted) out.push(` ${name}="`, attributeText(value), '"')
  out.push('>')
  for (const node of nodes) {
    if (typeof node === 'string') out.push(plainText(node))
    else if (node !== choice.without) write(node, inScope, now, choice, out)
  }
  out.push('</', tag, '>')
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function plainText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;')
}

function attributeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;')
}
