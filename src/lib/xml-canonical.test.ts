// Canonical forms, by examples of the recommendation and of what parsers lose; xmlsec1's own signatures are in the
// tests of SAML.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { canonical, namespacesIn } from './xml-canonical.ts'
import { escapeAttribute, escapeText, parseWholeXml, XmlError } from './xml.ts'

test.each([
  [
    'an empty element, quotes, order',
    `<b:x  b='1' xmlns:b="urn:b" a='"'/>`,
    '<b:x xmlns:b="urn:b" a="&quot;" b="1"></b:x>',
  ],
  ['namespaces that nothing uses', '<a xmlns:b="urn:b" xmlns="urn:a"><c/></a>', '<a xmlns="urn:a"><c></c></a>'],
  [
    'one declared where it is used first',
    '<a xmlns:b="urn:b"><b:c><b:d/></b:c></a>',
    '<a><b:c xmlns:b="urn:b"><b:d></b:d></b:c></a>',
  ],
  ['a default that is undone', '<a xmlns="urn:a"><b xmlns=""/></a>', '<a xmlns="urn:a"><b xmlns=""></b></a>'],
  ['a default that was never there', '<a xmlns=""><b/></a>', '<a><b></b></a>'],
  [
    'a prefix that changes',
    '<n:a xmlns:n="urn:1"><n:b xmlns:n="urn:2"/></n:a>',
    '<n:a xmlns:n="urn:1"><n:b xmlns:n="urn:2"></n:b></n:a>',
  ],
  [
    'attributes by namespace and name',
    '<a xmlns:z="urn:a" xmlns:y="urn:b" z:q="1" y:a="2" c="3" z:p="4" xml:lang="en"/>',
    '<a xmlns:y="urn:b" xmlns:z="urn:a" c="3" xml:lang="en" z:p="4" z:q="1" y:a="2"></a>',
  ],
  ['text and comments', '<a>x<!-- y -->&#38;<![CDATA[<]]>&gt;&quot;\r\n&#13;</a>', '<a>x&amp;&lt;&gt;"\n&#xD;</a>'],
  ['values', '<a b="&#9;&#10;&#13;&lt;&gt;\t\'"/>', '<a b="&#x9;&#xA;&#xD;&lt;> \'"></a>'],
  [
    'prefixes like members of objects',
    '<a xmlns:__proto__="urn:p"><__proto__:b/></a>',
    '<a><__proto__:b xmlns:__proto__="urn:p"></__proto__:b></a>',
  ],
])('%s', (_, xml, form) => {
  expect(canonical(parseWholeXml(xml))).toBe(form)
})

test('a part, what is left out of it, and prefixes that are kept', () => {
  const root = parseWholeXml('<a xmlns="urn:a" xmlns:k="urn:k" xmlns:u="urn:u"><b>1<c/>2</b></a>')
  const [b] = root.children
  const around = namespacesIn(root)
  expect(canonical(b!, around)).toBe('<b xmlns="urn:a">1<c></c>2</b>')
  expect(canonical(b!, around, { without: b!.children[0], inclusive: ['k', 'none'] })).toBe(
    '<b xmlns="urn:a" xmlns:k="urn:k">12</b>',
  )
})

test('instructions are refused', () => {
  expect(() => parseWholeXml('<a><?php x?></a>')).toThrow(XmlError)
})

test('a canonical form is its own', () => {
  const name = fc.constantFrom('a', 'b', 'n:a', 'm:b')
  const value = fc
    .string({ unit: 'grapheme' })
    .map((text) => text.replaceAll(/[^\t\n\r\x20-\ud7ff\u{10000}-\u{10ffff}]/gu, ''))
  const declarations = fc.constantFrom('', ' xmlns="urn:1"', ' xmlns=""', ' xmlns:n="urn:2"', ' xmlns:m="urn:1"')
  const { node } = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      value.map(escapeText),
      fc
        .tuple(name, declarations, fc.dictionary(fc.constantFrom('p', 'q', 'n:p', 'm:q'), value), fc.array(tie('node')))
        .map(([tag, declared, attributes, nodes]) => {
          const written = Object.entries(attributes).map(([key, text]) => ` ${key}="${escapeAttribute(text)}"`)
          return `<${tag}${declared}${written.join('')}>${nodes.join('')}</${tag}>`
        }),
    ),
  }))
  fc.assert(
    fc.property(fc.array(node), (nodes) => {
      const once = canonical(parseWholeXml(`<r xmlns:n="urn:n" xmlns:m="urn:m">${nodes.join('')}</r>`))
      expect(canonical(parseWholeXml(once))).toBe(once)
    }),
  )
})
