// CloudSearch: an index field or an expression by its parts.

import { Failure } from '../../lib/errors.ts'
import type { Structure, Value } from '../../lib/value.ts'
import { floatingPoint, integer } from '../input/shorthand.ts'
import type { CommandChange, ServiceChanges } from './change.ts'

const defineExpression: CommandChange = {
  add: { expression: { required: true }, name: { required: true } },
  input: (input, given) => {
    const { name, expression } = given
    if (name === undefined && expression === undefined) return
    input.Expression = {
      ...(name === undefined ? {} : { ExpressionName: name }),
      ...(expression === undefined ? {} : { ExpressionValue: expression }),
    }
  },
}

/** Argument → member of the options of the field's type. */
const options: Readonly<Record<string, string>> = {
  'default-value': 'DefaultValue',
  'facet-enabled': 'FacetEnabled',
  'search-enabled': 'SearchEnabled',
  'return-enabled': 'ReturnEnabled',
  'sort-enabled': 'SortEnabled',
  'source-field': 'SourceField',
  'highlight-enabled': 'HighlightEnabled',
  'analysis-scheme': 'AnalysisScheme',
}

const defineIndexField: CommandChange = {
  remove: ['index-field'],
  add: {
    name: { required: true },
    type: { required: true },
    ...Object.fromEntries(
      Object.keys(options).map((name) => [name, name.endsWith('enabled') ? { type: 'boolean' } : {}]),
    ),
  },
  input: (input, given) => {
    if (given.name === undefined && given.type === undefined) return
    const field: Structure = { IndexFieldName: given.name, IndexFieldType: given.type }
    for (const [name, member] of Object.entries(options)) {
      if (given[name] !== undefined) setOption(field, member, given[name] as string)
    }
    input.IndexField = field
  },
}

function setOption(field: Structure, member: string, text: string): void {
  if (field.IndexFieldType === undefined) throw new Failure('InvalidValue', 'You must pass the --type option.')
  const camel = (field.IndexFieldType as string)
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
  const type = camel === 'Latlon' ? 'LatLon' : camel
  const holder = (field[`${type}Options`] ??= {}) as Structure
  holder[member] = optionValue(type, member, text)
}

function optionValue(type: string, member: string, text: string): Value {
  if (member.endsWith('Enabled')) return text.toLowerCase() !== 'false'
  if (member !== 'DefaultValue') return text
  if (type === 'Int' || type === 'IntArray') return integer(text)
  return type === 'Double' || type === 'DoubleArray' ? floatingPoint(text) : text
}

export const cloudsearch: ServiceChanges = {
  commands: { 'define-expression': defineExpression, 'define-index-field': defineIndexField },
}
