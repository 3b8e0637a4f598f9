// How is a PartiQL statement read? It comes down to the trees that expressions come down to.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html

import { invalid } from '../errors.ts'
import type { Change, Comparator, Condition, NewValue, Operand, Path } from '../expressions/tree.ts'
import { setAttribute, takeValue, typeOf, type AttributeValue, type Item } from '../values.ts'
import { malformed, Words } from './words.ts'

export interface Select {
  readonly kind: 'select'
  readonly table: string
  readonly index?: string
  /** Undefined for `*`. */
  readonly columns?: readonly Path[]
  readonly where?: Condition
  readonly descending: boolean
}

export interface Insert {
  readonly kind: 'insert'
  readonly table: string
  readonly item: Item
}

export interface UpdateStatement {
  readonly kind: 'update'
  readonly table: string
  readonly changes: readonly Change[]
  readonly where?: Condition
  /** As ReturnValues has it: `ALL_OLD`. */
  readonly returning?: string
}

export interface DeleteStatement {
  readonly kind: 'delete'
  readonly table: string
  readonly where?: Condition
  readonly returning?: string
}

export interface Exists {
  readonly kind: 'exists'
  readonly select: Select
}

export type Statement = Select | Insert | UpdateStatement | DeleteStatement | Exists

/** `parameters` stand for the question marks, in order. Throws ValidationException. */
export function parseStatement(text: string, parameters: readonly AttributeValue[] = []): Statement {
  return new StatementParser(text, parameters).whole()
}

const comparators: Readonly<Record<string, Comparator>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

class StatementParser extends Words {
  readonly #parameters: readonly AttributeValue[]
  #used = 0

  constructor(text: string, parameters: readonly AttributeValue[]) {
    super(text)
    this.#parameters = parameters
    for (const value of parameters) takeValue(value)
  }

  whole(): Statement {
    const statement = this.#statement()
    this.sign(';')
    if (this.peek().kind !== 'end') throw this.unexpected()
    if (this.#used < this.#parameters.length)
      throw malformed("Number of parameters in request and statement don't match.")
    return statement
  }

  #statement(): Statement {
    if (this.keyword('SELECT')) return this.#select()
    if (this.keyword('INSERT', 'INTO')) return this.#insert()
    if (this.keyword('UPDATE')) return this.#update()
    if (this.keyword('DELETE', 'FROM')) return this.#delete()
    if (this.keyword('EXISTS')) {
      this.expect('(')
      this.expect('SELECT')
      const select = this.#select()
      this.expect(')')
      return { kind: 'exists', select }
    }
    throw malformed('Expected data manipulation')
  }

  #select(): Select {
    const columns = this.sign('*') ? undefined : this.#list(() => this.#path())
    this.expect('FROM')
    const table = this.#tableName()
    const index = this.sign('.') ? this.#pathPart() : undefined
    if (this.sign('.')) throw invalid('A path may contain at most 2 components in the FROM clause')
    const where = this.#where()
    let descending = false
    if (this.keyword('ORDER', 'BY')) {
      this.#list(() => {
        this.#path()
        if (this.keyword('DESC')) descending = true
        else this.keyword('ASC')
      })
    }
    return {
      kind: 'select',
      table,
      ...(index !== undefined && { index }),
      ...(columns && { columns }),
      where,
      descending,
    }
  }

  #insert(): Insert {
    const table = this.#tableName()
    this.expect('VALUE')
    const { M } = this.#value()
    if (!M) throw malformed('INSERT takes a tuple as its value')
    return { kind: 'insert', table, item: M }
  }

  #update(): UpdateStatement {
    const table = this.#tableName()
    const changes: Change[] = []
    for (;;) {
      if (this.keyword('SET')) changes.push(...this.#list(() => this.#assignment()))
      else if (this.keyword('REMOVE'))
        changes.push(...this.#list((): Change => ({ kind: 'remove', path: this.#path() })))
      else break
    }
    if (changes.length === 0) throw this.unexpected('SET or REMOVE')
    return { kind: 'update', table, changes, where: this.#where(), returning: this.#returning() }
  }

  #delete(): DeleteStatement {
    const table = this.#tableName()
    const where = this.#where()
    const returning = this.#returning()
    if (returning !== undefined && returning !== 'ALL_OLD')
      throw invalid(
        `Invalid returning clause: RETURNING ${returning.replace('UPDATED', 'MODIFIED').replace('_', ' ')} *. ` +
          'Only RETURNING ALL OLD * is allowed in DELETE statements.',
      )
    return { kind: 'delete', table, where, returning }
  }

  #returning(): string | undefined {
    if (!this.keyword('RETURNING')) return undefined
    const which = this.keyword('ALL') ? 'ALL' : this.keyword('MODIFIED') ? 'UPDATED' : undefined
    const when = this.keyword('OLD') ? 'OLD' : this.keyword('NEW') ? 'NEW' : undefined
    if (which === undefined || when === undefined) throw this.unexpected('ALL or MODIFIED, and OLD or NEW')
    this.expect('*')
    return `${which}_${when}`
  }

  #assignment(): Change {
    const path = this.#path()
    this.expect('=')
    // ADD and DELETE of sets are functions here, on the path that is set.
    for (const [name, kind] of [
      ['SET_ADD', 'add'],
      ['SET_DELETE', 'delete'],
    ] as const)
      if (this.keyword(name)) {
        this.expect('(')
        this.#path()
        this.expect(',')
        const value = this.#value()
        this.expect(')')
        return { kind, path, value }
      }
    return { kind: 'set', path, value: this.#sum() }
  }

  #sum(): NewValue {
    const left = this.#newValue()
    if (this.sign('+')) return { kind: 'plus', left, right: this.#newValue() }
    if (this.sign('-')) return { kind: 'minus', left, right: this.#newValue() }
    return left
  }

  #newValue(): NewValue {
    if (this.#isCall('LIST_APPEND')) {
      const [left, right] = this.#arguments(() => this.#newValue(), 2)
      return { kind: 'append', left: left!, right: right! }
    }
    if (this.#isCall('IF_NOT_EXISTS')) {
      const [path, otherwise] = this.#arguments(() => this.#newValue(), 2)
      if (path!.kind !== 'path') throw malformed('if_not_exists takes a path')
      return { kind: 'default', path: path!.path, otherwise: otherwise! }
    }
    return this.#isPathNext() ? { kind: 'path', path: this.#path() } : { kind: 'value', value: this.#value() }
  }

  // --- conditions ----------------------------------------------------------------------------------------------------

  #where(): Condition | undefined {
    return this.keyword('WHERE') ? this.#or() : undefined
  }

  #or(): Condition {
    let left = this.#and()
    while (this.keyword('OR')) left = { kind: 'or', left, right: this.#and() }
    return left
  }

  #and(): Condition {
    let left = this.#not()
    while (this.keyword('AND')) left = { kind: 'and', left, right: this.#not() }
    return left
  }

  #not(): Condition {
    return this.keyword('NOT') ? { kind: 'not', inner: this.#not() } : this.#condition()
  }

  #condition(): Condition {
    if (this.sign('(')) {
      const inner = this.#or()
      this.expect(')')
      return inner
    }
    for (const [name, kind] of [
      ['BEGINS_WITH', 'begins'],
      ['CONTAINS', 'contains'],
    ] as const)
      if (this.#isCall(name)) {
        const [of, other] = this.#arguments(() => this.#operand(), 2)
        return { kind, of: of!, with: other! }
      }
    if (this.#isCall('ATTRIBUTE_TYPE')) {
      const [of, type] = this.#arguments(() => this.#operand(), 2)
      return { kind: 'type', of: of!, type: type!.kind === 'value' ? (type!.value.S ?? '') : '' }
    }
    return this.#comparison(this.#operand())
  }

  #comparison(of: Operand): Condition {
    if (this.keyword('BETWEEN')) {
      const low = this.#operand()
      this.expect('AND')
      const high = this.#operand()
      checkOrdered('BETWEEN', low, high)
      return { kind: 'between', of, low, high }
    }
    if (this.keyword('IN')) {
      const close = this.sign('[') ? ']' : this.sign('(') ? ')' : undefined
      if (close === undefined) throw this.unexpected('[ or (')
      const list = this.#list(() => this.#operand())
      this.expect(close)
      return { kind: 'in', of, list }
    }
    if (this.keyword('IS')) {
      const isNot = this.keyword('NOT')
      const test = this.#isTest(of)
      return isNot ? { kind: 'not', inner: test } : test
    }
    const by = comparators[this.peek().text]
    if (this.peek().kind !== 'sign' || by === undefined) throw this.unexpected('a comparison')
    this.take()
    const right = this.#operand()
    if (by !== '=' && by !== '<>') checkOrdered(by, of, right)
    return { kind: 'compare', by, left: of, right }
  }

  #isTest(of: Operand): Condition {
    if (this.keyword('MISSING')) {
      if (of.kind !== 'path') throw malformed('IS MISSING takes a path')
      return { kind: 'missing', path: of.path }
    }
    this.expect('NULL')
    return { kind: 'type', of, type: 'NULL' }
  }

  #operand(): Operand {
    if (this.#isCall('SIZE')) return { kind: 'size', of: this.#arguments(() => this.#operand(), 1)[0]! }
    return this.#isPathNext() ? { kind: 'path', path: this.#path() } : { kind: 'value', value: this.#value() }
  }

  // --- parts ---------------------------------------------------------------------------------------------------------

  #isCall(name: string): boolean {
    if (!this.isKeyword(name) || this.peek(1).text !== '(') return false
    this.take()
    return true
  }

  #arguments<T>(read: () => T, count: number): T[] {
    this.expect('(')
    const list = this.#list(read)
    this.expect(')')
    if (list.length !== count) throw malformed('Incorrect number of arguments of a function')
    return list
  }

  #list<T>(read: () => T): T[] {
    const list = [read()]
    while (this.sign(',')) list.push(read())
    return list
  }

  #name(): string {
    const { kind, text } = this.peek()
    if (kind !== 'name' && kind !== 'quoted') throw this.unexpected('a name')
    this.take()
    return text
  }

  /** The name of a table or of an index. */
  #pathPart(): string {
    const name = this.#name()
    if (name === '') throw invalid('Path component cannot be an empty string')
    return name
  }

  /** Without quotes, too, where the name has hyphens. */
  #tableName(): string {
    let name = this.#pathPart()
    while (this.sign('-')) name += `-${this.take().text}`
    return name
  }

  #isPathNext(): boolean {
    const { kind, text } = this.peek()
    return kind === 'quoted' || (kind === 'name' && !/^(true|false|null|missing)$/i.test(text))
  }

  #path(): Path {
    const path: (string | number)[] = [this.#name()]
    for (;;) {
      if (this.sign('.')) path.push(this.#name())
      else if (this.sign('[')) {
        const { kind, text } = this.take()
        if (kind !== 'number' && kind !== 'text') throw malformed('a path takes a number or a name in brackets')
        path.push(kind === 'number' ? Number(text) : text)
        this.expect(']')
      } else return path
    }
  }

  #value(): AttributeValue {
    const value = this.#literal()
    takeValue(value)
    return value
  }

  #literal(): AttributeValue {
    const { kind, text } = this.take()
    if (kind === 'text') return { S: text }
    if (kind === 'number') return { N: text }
    if (kind === 'name') {
      const word = text.toUpperCase()
      if (word === 'TRUE' || word === 'FALSE') return { BOOL: word === 'TRUE' }
      if (word === 'NULL') return { NULL: true }
    }
    if (kind === 'sign')
      switch (text) {
        case '?':
          return this.#parameter()
        case '-':
          return { N: `-${this.take().text}` }
        case '[':
          return { L: this.#until(']', () => this.#literal()) }
        case '<<':
          return setOf(this.#until('>>', () => this.#literal()))
        case '{':
          return { M: this.#tuple() }
      }
    throw malformed(`Unexpected ${text}, expected a value`)
  }

  #parameter(): AttributeValue {
    const value = this.#parameters[this.#used++]
    if (!value) throw malformed("Number of parameters in request and statement don't match.")
    return value
  }

  #tuple(): Item {
    const item: Item = {}
    this.#until('}', () => {
      const { kind, text } = this.take()
      if (kind !== 'text' && kind !== 'quoted' && kind !== 'name') throw malformed('a tuple takes names in quotes')
      this.expect(':')
      setAttribute(item, text, this.#literal())
    })
    return item
  }

  #until<T>(close: string, read: () => T): T[] {
    if (this.sign(close)) return []
    const list = this.#list(read)
    this.expect(close)
    return list
  }
}

/** Only text, numbers and binary have an order. Throws ValidationException, whatever the table may hold. */
function checkOrdered(operator: string, ...operands: readonly Operand[]): void {
  for (const operand of operands)
    if (operand.kind === 'value' && !/^[SNB]$/.test(typeOf(operand.value)))
      throw invalid(
        'Incorrect operand type for operator or function; ' +
          `operator or function: ${operator}, operand type: ${typeOf(operand.value)}`,
      )
}

/** `<<1, 2>>`: all of a type. */
function setOf(values: readonly AttributeValue[]): AttributeValue {
  const of = (type: 'S' | 'N' | 'B'): string[] => values.flatMap((value) => value[type] ?? [])
  if (values.length > 0 && of('N').length === values.length) return { NS: of('N') }
  if (values.length > 0 && of('S').length === values.length) return { SS: of('S') }
  if (values.length > 0 && of('B').length === values.length) return { BS: of('B') }
  throw malformed('a set takes values of one type: strings, numbers or binary')
}
