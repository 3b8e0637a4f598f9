// What does a metric math expression say? `IF(m1 > 10 AND m2 < 5, m1 / PERIOD(m1), 0)` as a tree.
//
//   or      = and { (OR | ||) and }            compare = sum [ (== != <= >= < >) sum ]
//   and     = compare { (AND | &&) compare }   sum     = product { (+ | -) product }
//   product = power { (* | /) power }          power   = unary [ ^ power ]
//   unary   = - unary | atom                   atom    = number | text | [list] | (or) | name [ (arguments) ]
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'negated'; readonly operand: Expression }
  | {
      readonly kind: 'operator'
      readonly operator: string
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Expression[] }

interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign' | 'end'
  readonly text: string
}

/** What an expression that cannot be read, or not be computed, is refused for. */
export class MathError extends Error {}

const token =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\.\d+)|'([^']*)'|"([^"]*)"|([A-Za-z_][A-Za-z0-9_]*)|(&&|\|\||==|!=|<=|>=|[-+*/^(),<>[\]]))/y

function tokens(text: string): Token[] {
  const found: Token[] = []
  token.lastIndex = 0
  while (text.slice(token.lastIndex).trim() !== '') {
    const at = token.lastIndex
    const match = token.exec(text)
    if (!match) throw new MathError(`Unexpected character '${text.slice(at).trim()[0]}'`)
    const [, number, single, double, name, sign] = match
    if (number !== undefined) found.push({ kind: 'number', text: number })
    else if (single !== undefined || double !== undefined) found.push({ kind: 'text', text: (single ?? double)! })
    else if (name !== undefined) found.push({ kind: 'name', text: name })
    else found.push({ kind: 'sign', text: sign! })
  }
  return [...found, { kind: 'end', text: 'end of expression' }]
}

const deepest = 100

/** Throws MathError. */
export function parseExpression(text: string): Expression {
  return new ExpressionReader(tokens(text)).whole()
}

/** Reads the grammar above, a method a line of it. */
class ExpressionReader {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(all: readonly Token[]) {
    this.#tokens = all
  }

  whole(): Expression {
    const parsed = this.#or()
    if (this.#next.kind !== 'end') throw this.#unexpected()
    return parsed
  }

  #or(): Expression {
    return this.#deeper(() =>
      this.#chain(
        () => this.#and(),
        () => (this.#isSign('||') || this.#isWord('OR') ? 'OR' : undefined),
      ),
    )
  }

  #and(): Expression {
    return this.#chain(
      () => this.#compare(),
      () => (this.#isSign('&&') || this.#isWord('AND') ? 'AND' : undefined),
    )
  }

  #compare(): Expression {
    return this.#chain(() => this.#sum(), this.#signs('==', '!=', '<=', '>=', '<', '>'))
  }

  #sum(): Expression {
    return this.#chain(() => this.#product(), this.#signs('+', '-'))
  }

  #product(): Expression {
    return this.#chain(() => this.#power(), this.#signs('*', '/'))
  }

  #power(): Expression {
    const left = this.#unary()
    if (!this.#isSign('^')) return left
    this.#at++
    return { kind: 'operator', operator: '^', left, right: this.#power() }
  }

  #unary(): Expression {
    if (!this.#isSign('-')) return this.#atom()
    return this.#deeper(() => {
      this.#at++
      return { kind: 'negated', operand: this.#unary() }
    })
  }

  #atom(): Expression {
    const { kind, text } = this.#next
    if (kind === 'end') throw this.#unexpected()
    this.#at++
    if (kind === 'number') return { kind: 'number', value: Number(text) }
    if (kind === 'text') return { kind: 'text', value: text }
    if (kind === 'name') {
      if (!this.#isSign('(')) return { kind: 'name', name: text }
      this.#at++
      return { kind: 'call', name: text, given: this.#listUntil(')') }
    }
    if (text === '[') return { kind: 'list', items: this.#listUntil(']') }
    if (text === '(') {
      const inner = this.#or()
      this.#expect(')')
      return inner
    }
    this.#at--
    throw this.#unexpected()
  }

  #listUntil(end: string): Expression[] {
    const items: Expression[] = []
    if (!this.#isSign(end)) {
      items.push(this.#or())
      while (this.#isSign(',')) {
        this.#at++
        items.push(this.#or())
      }
    }
    this.#expect(end)
    return items
  }

  /** Operands with operators between them, from the left. */
  #chain(operand: () => Expression, operatorHere: () => string | undefined): Expression {
    let left = operand()
    for (let operator = operatorHere(); operator !== undefined; operator = operatorHere()) {
      this.#at++
      left = { kind: 'operator', operator, left, right: operand() }
    }
    return left
  }

  #deeper(read: () => Expression): Expression {
    if (++this.#depth > deepest) throw new MathError('The expression is nested too deeply')
    const found = read()
    this.#depth--
    return found
  }

  get #next(): Token {
    return this.#tokens[this.#at]!
  }

  #isSign(...signs: readonly string[]): boolean {
    return this.#next.kind === 'sign' && signs.includes(this.#next.text)
  }

  #isWord(word: string): boolean {
    return this.#next.kind === 'name' && this.#next.text === word
  }

  /** What tells the operator that comes next, if it is one of these signs. */
  #signs(...signs: readonly string[]): () => string | undefined {
    return () => (this.#isSign(...signs) ? this.#next.text : undefined)
  }

  #expect(sign: string): void {
    if (!this.#isSign(sign)) throw new MathError(`Expected '${sign}' but found '${this.#next.text}'`)
    this.#at++
  }

  #unexpected(): MathError {
    return new MathError(`Unexpected '${this.#next.text}'`)
  }
}

/** The ids that an expression names, METRICS() aside. */
export function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'name':
      return [expression.name]
    case 'list':
      return expression.items.flatMap(namesIn)
    case 'negated':
      return namesIn(expression.operand)
    case 'operator':
      return [...namesIn(expression.left), ...namesIn(expression.right)]
    case 'call':
      return expression.given.flatMap(namesIn)
    default:
      return []
  }
}

export function calls(expression: Expression, name: string): boolean {
  switch (expression.kind) {
    case 'call':
      return expression.name === name || expression.given.some((each) => calls(each, name))
    case 'list':
      return expression.items.some((each) => calls(each, name))
    case 'negated':
      return calls(expression.operand, name)
    case 'operator':
      return calls(expression.left, name) || calls(expression.right, name)
    default:
      return false
  }
}
