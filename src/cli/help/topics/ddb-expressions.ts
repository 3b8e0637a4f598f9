// `virga help ddb-expressions`: how conditions and values are written for `ddb select` and `ddb put`.

import type { Topic } from './topic.ts'

export const ddbExpressions: Topic = {
  title: 'how attributes and values are written in the ddb commands',
  sections: {
    Description: `
      <p>DynamoDB’s own expressions name values by placeholders, which a second argument spells out. In the
      <code>ddb</code> commands names and values are written where they belong:</p>
      <pre>
virga ddb select Products --filter 'price BETWEEN 500 AND 600'
virga ddb put Products '{id: 1, tags: {"a", "b"}}' --condition 'attribute_not_exists(id)'
</pre>`,
    'Attribute names': `
      <p>As they are, of letters, digits and <code>_</code>, not beginning with a digit; anything else in single quotes:
      <code>price</code>, <code>'list price'</code>. Paths: <code>address.'zip code'</code>, <code>tags[0]</code>. These
      words must be quoted to be names, however they are written: AND, BETWEEN, IN, OR, NOT, SET, REMOVE, ADD, DELETE, TRUE,
      FALSE, NULL.</p>`,
    Values: `
      <ul>
        <li><p>Numbers as in JSON: <code>1</code>, <code>1.5e3</code>.</p></li>
        <li><p>Strings as in JSON, in double quotes: <code>"say \\"hi\\""</code>.</p></li>
        <li><p>Bytes in base64: <code>b"4pyT"</code>.</p></li>
        <li><p><code>true</code>, <code>false</code>, <code>null</code>.</p></li>
        <li><p>Lists: <code>["foo", b"4pyT", 8]</code>.</p></li>
        <li><p>Maps: <code>{name: "x", size: 3}</code>.</p></li>
        <li><p>Sets of numbers, of strings or of bytes, at least one: <code>{1, 2}</code>, <code>{"a", "b"}</code>.</p></li>
      </ul>`,
    'Conditions and projections': `
      <p>Comparisons (<code>=</code>, <code>&lt;&gt;</code>, <code>&lt;</code>, <code>&lt;=</code>, <code>&gt;</code>,
      <code>&gt;=</code>), <code>BETWEEN … AND …</code>, <code>IN (…)</code>, the functions of DynamoDB
      (<code>attribute_exists</code>, <code>begins_with</code>, <code>contains</code>, <code>size</code> …),
      <code>AND</code>, <code>OR</code>, <code>NOT</code> and parentheses. A projection is a list of names and paths, set
      apart by commas.</p>`,
  },
}
