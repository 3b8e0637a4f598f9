import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { blocksFrom } from './html.ts'
import { pageText } from './layout.ts'

const shown = (html: string, width = 40): string => pageText(blocksFrom(html), { width, decorated: false })

describe('the models’ HTML as text', () => {
  test.each<[what: string, html: string, text: string]>([
    ['plain text', 'The ARN.', 'The ARN.\n'],
    ['nothing', '', '\n'],
    ['a paragraph', '<p>The <code>Arn</code> of\n   the <i>user</i>.</p>', 'The Arn of the user.\n'],
    ['paragraphs', '<p>One.</p> <p>Two.</p>', 'One.\n\nTwo.\n'],
    [
      'words longer than a line go on',
      '<p>one two three four five six seven eight nine</p>',
      'one two three four five six seven eight\nnine\n',
    ],
    ['a list of short items stands close', '<ul> <li> <p>a</p> </li> <li> <p>b</p> </li> </ul>', 'o a\no b\n'],
    [
      'a list with a long item stands apart',
      '<ul><li><p>one two three four five six seven eight</p></li><li>b</li></ul>',
      'o one two three four five six seven\n  eight\n\no b\n',
    ],
    ['a numbered list', '<ol><li>a</li><li>b</li></ol>', '1. a\n2. b\n'],
    ['a list in a list', '<ul><li><p>a</p><ul><li>b</li></ul></li></ul>', 'o a\n\n  o b\n'],
    ['items left open', '<ul><li>a<li>b</ul>', 'o a\no b\n'],
    ['an item without a list', '<li>a</li>', 'o a\n'],
    ['a note', '<p>A.</p><note> <p>Careful.</p> </note><p>B.</p>', 'A.\n\nNote:\n   Careful.\n\nB.\n'],
    ['something important', '<important><p>Careful.</p></important>', 'Important:\n   Careful.\n'],
    [
      'terms',
      '<dl> <dt>Key</dt> <dd> <p>A key.</p> </dd> <dt>Value</dt> <dd>A value.</dd> </dl>',
      'Key\n   A key.\n\nValue\n   A value.\n',
    ],
    ['code keeps its lines', '<pre>\n{\n  "a": 1\n}\n</pre>', '{\n  "a": 1\n}\n'],
    ['a blank inside a link goes', '<p>See <a href="x">Keys </a>, or <a>Roles</a> .</p>', 'See Keys, or Roles.\n'],
    ['a colon that is meant', '<p>the <b>:</b> sign</p>', 'the : sign\n'],
    ['a line break', '<p>a<br/>b</p>', 'a\n\nb\n'],
    ['entities', '<p>a &lt; b &amp;&amp; c &gt; d &quot;e&quot; &#150; &#x41;</p>', 'a < b && c > d "e" – A\n'],
    ['what is no entity', '<p>a & b &nope; c</p>', 'a & b &nope; c\n'],
    [
      'what is no tag',
      '<p>instances <N> to <Accessibility Role=x> 1 < 2</p>',
      'instances <N> to <Accessibility Role=x>\n1 < 2\n',
    ],
    ['the service’s title is left out', '<fullname>Amazon X</fullname> <p>Does x.</p>', 'Does x.\n'],
    ['closed too often', '<p>a</p></p></li></ul>b', 'a\n\nb\n'],
    ['never closed', '<p>a <b>b <ul><li>c', 'a b\n\no c\n'],
    ['text beside a list', 'a<ul><li>b</li></ul>c', 'a\n\no b\n\nc\n'],
    ['names of what every object has are no tags', '<p><constructor> <toString></p>', '<constructor> <toString>\n'],
  ])('%s', (_what, html, text) => expect(shown(html)).toBe(text))

  test('styles show on a terminal only', () => {
    const blocks = blocksFrom('<p><b>a</b> <i>b</i> <code>c</code>, d</p>')
    expect(pageText(blocks, { width: 40, decorated: true })).toBe(
      '\x1b[1ma\x1b[22m \x1b[4mb\x1b[24m \x1b[36mc\x1b[39m, d\n',
    )
    expect(pageText(blocks, { width: 40, decorated: false })).toBe('a b c, d\n')
  })
})

describe('laws', () => {
  const tags = ['p', 'ul', 'li', 'ol', 'note', 'code', 'b', 'pre', 'dl', 'dt', 'dd', 'a', 'N']
  const piece = fc.oneof(
    fc.constantFrom(...tags.flatMap((tag) => [`<${tag}>`, `</${tag}>`]), '&lt;', '&', '<', '>', ' ', '\n'),
    fc.constantFrom('one', 'two', 'three,', 'somewhat-longer'),
  )
  const html = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))

  test('no word is lost, whatever the tags', () => {
    fc.assert(
      fc.property(html, (text) => {
        const words = (from: string): string[] => from.match(/one|two|three|somewhat-longer/g) ?? []
        expect(words(shown(text))).toEqual(words(text))
      }),
    )
  })

  test('the same lines with and without styles', () => {
    fc.assert(
      fc.property(html, fc.integer({ min: 30, max: 100 }), (text, width) => {
        const blocks = blocksFrom(text)
        const decorated = pageText(blocks, { width, decorated: true }).replace(/\x1b\[\d+m/g, '')
        expect(decorated).toBe(pageText(blocks, { width, decorated: false }))
      }),
    )
  })
})
