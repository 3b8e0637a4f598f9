// Is the XML reader right? A table of hard documents, read by three others as well, and a law of writing and reading.

import { describe, expect, test } from 'bun:test'
import { parseXml as rgrove, XmlElement as RgroveElement, XmlText } from '@rgrove/parse-xml'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { escapeAttribute, escapeText, parseXml } from './xml.ts'
import type { XmlElement } from './xml.ts'

/** A tree as all readers can be compared: [name, attributes, children], or text for an element without children. */
type Tree = [name: string, attributes: Record<string, string>, content: Tree[] | string]

function ours(node: XmlElement): Tree {
  const attributes = { ...node.attributes }
  return [node.name, attributes, node.children.length > 0 ? node.children.map(ours) : node.text]
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function bySaxes(source: string): Tree {
  const parser = new SaxesParser({ xmlns: true })
  const root: Tree = ['', {}, []]
  const texts: string[] = ['']
  const open: Tree[] = [root]
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', (tag) => {
    const attributes = Object.fromEntries(Object.entries(tag.attributes).map(([name, { value }]) => [name, value]))
    const node: Tree = [local(tag.name), attributes, []]
    ;(open.at(-1)![2] as Tree[]).push(node)
    open.push(node)
    texts.push('')
  })
  const append = (text: string): void => {
    texts.push(texts.pop() + text)
  }
  parser.on('text', append)
  parser.on('cdata', append)
  parser.on('closetag', () => {
    const node = open.pop()!
    const text = texts.pop()!
    if (node[2].length === 0) node[2] = text
  })
  parser.write(source).close()
  return (root[2] as Tree[])[0]!
}

function byRgrove(source: string): Tree {
  const walk = (element: RgroveElement): Tree => {
    const children = element.children.filter((child): child is RgroveElement => child instanceof RgroveElement)
    const text = element.children.map((child) => (child instanceof XmlText ? child.text : '')).join('')
    return [local(element.name), { ...element.attributes }, children.length > 0 ? children.map(walk) : text]
  }
  return walk(rgrove(source).root!)
}

const good: [what: string, source: string, tree: Tree][] = [
  ['text', '<a>b</a>', ['a', {}, 'b']],
  ['nothing', '<a/>', ['a', {}, '']],
  ['nothing, with a space', '<a />', ['a', {}, '']],
  ['an empty pair', '<a></a>', ['a', {}, '']],
  ['white space alone', '<a> \n </a>', ['a', {}, ' \n ']],
  [
    'children',
    '<a><b>1</b><b>2</b></a>',
    [
      'a',
      {},
      [
        ['b', {}, '1'],
        ['b', {}, '2'],
      ],
    ],
  ],
  ['a declaration', '<?xml version="1.0" encoding="UTF-8"?>\n<a/>', ['a', {}, '']],
  ['a standalone declaration', "<?xml version='1.0' encoding='UTF-8' standalone='yes'?><a/>", ['a', {}, '']],
  ['the five entities', '<a>&lt;&gt;&amp;&quot;&apos;</a>', ['a', {}, '<>&"\'']],
  ['an entity is not read twice', '<a>&amp;lt;</a>', ['a', {}, '&lt;']],
  ['decimal and hexadecimal references', '<a>&#65;&#x42;&#x63;</a>', ['a', {}, 'ABc']],
  ['a carriage return by reference stays', '<a>x&#13;&#xD;&#10;y</a>', ['a', {}, 'x\r\r\ny']],
  ['a literal line end is normalised', '<a>x\r\ny\rz</a>', ['a', {}, 'x\ny\nz']],
  ['an astral reference', '<a>&#x1F600;&#128512;</a>', ['a', {}, '😀😀']],
  ['astral text', '<a>😀 é 漢</a>', ['a', {}, '😀 é 漢']],
  ['CDATA', '<a><![CDATA[<b>&amp;]]]]><![CDATA[>]]></a>', ['a', {}, '<b>&amp;]]>']],
  ['CDATA beside text', '<a>x<![CDATA[y]]>z</a>', ['a', {}, 'xyz']],
  ['a comment divides no text', '<a>x<!-- <b> & -->y</a>', ['a', {}, 'xy']],
  ['comments and instructions around', '<!-- a --><?pi x?><a><?pi <b>?></a><!-- z --> ', ['a', {}, '']],
  ['attributes', '<a b="1" c=\'2"\' d = "&lt;&#65;"/>', ['a', { b: '1', c: '2"', d: '<A' }, '']],
  ['white space in an attribute', '<a b="x\ty\nz"/>', ['a', { b: 'x y z' }, '']],
  ['white space by reference in an attribute', '<a b="x&#9;&#10;&#13;"/>', ['a', { b: 'x\t\n\r' }, '']],
  ['> in an attribute and in text', '<a b=">">]]&gt; ></a>', ['a', { b: '>' }, ']]> >']],
  ['attributes over lines', '<a\n  b="1"\n\tc="2"\n>x</a\n>', ['a', { b: '1', c: '2' }, 'x']],
  [
    'namespaces',
    '<x:a xmlns:x="u" xmlns="v"><b x:c="1"/></x:a>',
    ['a', { 'xmlns:x': 'u', xmlns: 'v' }, [['b', { 'x:c': '1' }, '']]],
  ],
  ['the xml prefix', '<a xml:space="preserve"> </a>', ['a', { 'xml:space': 'preserve' }, ' ']],
  [
    'names of objects',
    '<constructor><__proto__>1</__proto__><toString/></constructor>',
    [
      'constructor',
      {},
      [
        ['__proto__', {}, '1'],
        ['toString', {}, ''],
      ],
    ],
  ],
  [
    'names with points, dashes and letters of other scripts',
    '<a.b-c_d><é/><漢字/></a.b-c_d>',
    [
      'a.b-c_d',
      {},
      [
        ['é', {}, ''],
        ['漢字', {}, ''],
      ],
    ],
  ],
  ['digits stay text', '<a>007</a>', ['a', {}, '007']],
  ['one name in another', '<a><ab>1</ab></a>', ['a', {}, [['ab', {}, '1']]]],
]

const bad: [what: string, source: string][] = [
  ['nothing at all', ''],
  ['only space', '  \n'],
  ['only a declaration', '<?xml version="1.0"?>'],
  ['text alone', 'hello'],
  ['text after', '<a/>x'],
  ['two roots', '<a/><b/>'],
  ['an end too many', '<a></a></a>'],
  ['mismatched', '<a></b>'],
  ['crossed', '<a><b></a></b>'],
  ['a longer end', '<a></ab>'],
  ['cut in text', '<a>hel'],
  ['cut in a tag', '<a><b'],
  ['cut in an attribute', '<a b="'],
  ['cut in the end tag', '<a></a'],
  ['a missing end', '<a><b></b>'],
  ['cut in a comment', '<a><!-- x'],
  ['cut in CDATA', '<a><![CDATA[x'],
  ['cut in an instruction', '<a><?x'],
  ['a double dash in a comment', '<a><!-- -- --></a>'],
  ['a bare ampersand', '<a>x & y</a>'],
  ['an open reference', '<a>&amp</a>'],
  ['an unknown entity', '<a>&nbsp;</a>'],
  ['an empty reference', '<a>&;</a>'],
  ['no digits in a reference', '<a>&#;</a>'],
  ['no such character', '<a>&#x110000;</a>'],
  ['a surrogate by reference', '<a>&#xD800;</a>'],
  ['a control character by reference', '<a>&#x1;</a>'],
  ['a null', '<a>\0</a>'],
  ['a control character', '<a>\x01</a>'],
  ['U+FFFF', '<a>\uffff</a>'],
  ['an attribute without quotes', '<a b=1/>'],
  ['an attribute without value', '<a b/>'],
  ['attributes without space', '<a b="1"c="2"/>'],
  ['an attribute twice', '<a b="1" b="2"/>'],
  ['< in an attribute', '<a b="<"/>'],
  ['a name that starts with a digit', '<1a/>'],
  ['a name that starts with a dash', '<-a/>'],
  ['no name', '< a/>'],
  [']]> in text', '<a>]]></a>'],
  ['a prefix that is not declared', '<x:a/>'],
  ['an attribute with a prefix that is not declared', '<a x:b="1"/>'],
  ['a late declaration', '<a/><?xml version="1.0"?>'],
  ['space before the declaration', ' <?xml version="1.0"?><a/>'],
  ['a slash in the middle', '<a/ >'],
  ['a declaration of nothing', '<?xml?><a/>'],
]

const dangerous: [what: string, source: string][] = [
  ['a DOCTYPE', '<!DOCTYPE a><a/>'],
  ['an entity from a file', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  ['laughs', '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'],
  ['a DOCTYPE after a comment', '<!-- --><!DOCTYPE a []><a/>'],
  ['depth', '<a>'.repeat(100_000)],
]

const bun = (globalThis as { Bun?: { XML?: { parse(source: string): unknown } } }).Bun?.XML

describe('documents that are well-formed', () => {
  test.each(good)('%s', (_, source, tree) => {
    expect(ours(parseXml(source))).toEqual(tree)
    expect(bySaxes(source)).toEqual(tree)
    expect(byRgrove(source)).toEqual(tree)
    bun?.parse(source)
  })
  test('a byte order mark', () => {
    expect(ours(parseXml('\ufeff<?xml version="1.0"?><a>b</a>'))).toEqual(['a', {}, 'b'])
  })
})

describe('documents that are not', () => {
  test.each(bad)('%s', (what, source) => {
    expect(() => parseXml(source)).toThrow()
    expect(() => bySaxes(source)).toThrow()
    // It does not look at namespaces.
    if (!what.includes('prefix')) expect(() => byRgrove(source)).toThrow()
  })
  test.each(dangerous)('%s', (_, source) => {
    expect(() => parseXml(source)).toThrow(/declaration|deeply/)
  })
})

test('an error tells where', () => {
  // As expat does, which AWS CLI reads with.
  expect(() => parseXml('<a>\n  <b></c>\n</a>')).toThrow('mismatched tag: line 2, column 7')
  expect(() => parseXml('<a><b c="')).toThrow('unclosed token: line 1, column 3')
  expect(() => parseXml('<a></')).toThrow('unclosed token: line 1, column 3')
  expect(() => parseXml('{"a":1}')).toThrow('not well-formed (invalid token): line 1, column 0')
  for (const text of ['plain', 'a b', '[]', '[{"a":1}]', '5', '-1', '"x"', '(a)', 'é', 'a: b.']) {
    expect(() => parseXml(text)).toThrow('syntax error: line 1, column 0')
  }
  expect(() => parseXml('Oops!')).toThrow('not well-formed (invalid token): line 1, column 4')
  expect(() => parseXml('"a"!')).toThrow('not well-formed (invalid token): line 1, column 3')
  expect(() => parseXml('"a')).toThrow('unclosed token: line 1, column 0')
})

test('only text before the first child counts, as in ElementTree', () => {
  expect(parseXml('<a>x<b/>y</a>').text).toBe('x')
})

const characters = fc
  .string({ unit: 'binary' })
  .map((text) =>
    (text as string & { toWellFormed(): string }).toWellFormed().replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, ''),
  )

test('what is escaped reads back, in all readers', () => {
  fc.assert(
    fc.property(characters, characters, (text, attribute) => {
      const source = `<a b="${escapeAttribute(attribute)}">${escapeText(text)}</a>`
      const tree: Tree = ['a', { b: attribute }, text]
      expect(ours(parseXml(source))).toEqual(tree)
      expect(bySaxes(source)).toEqual(tree)
      expect(byRgrove(source)).toEqual(tree)
    }),
    { numRuns: 300 },
  )
})

test('no text makes the reader do anything but answer or throw XmlError', () => {
  const noise = fc
    .array(
      fc.constantFrom(
        '<',
        '>',
        '/',
        'a',
        'b',
        ' ',
        '"',
        "'",
        '=',
        '&',
        ';',
        '#x',
        '1',
        '!',
        '--',
        '[CDATA[',
        ']]',
        '?',
        ':',
        'xmlns',
        '\n',
      ),
      { maxLength: 40 },
    )
    .map((parts) => `<a>${parts.join('')}</a>`)
  fc.assert(
    fc.property(noise, (source) => {
      let mine: Tree | undefined
      let theirs: Tree | undefined
      try {
        mine = ours(parseXml(source))
      } catch {
        /* compared below */
      }
      try {
        theirs = bySaxes(source)
      } catch {
        /* compared below */
      }
      if (theirs !== undefined || mine !== undefined) expect(mine).toEqual(theirs!)
    }),
    { numRuns: 3000 },
  )
})
