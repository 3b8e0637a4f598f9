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
  const all = tokens(text)
  let at = 0
  let depth = 0
  const peek = (): Token => all[at]!
  const isSign = (...signs: readonly string[]): boolean => peek().kind === 'sign' && signs.includes(peek().text)
  const isWord = (word: string): boolean => peek().kind === 'name' && peek().text === word
  const unexpected = (): MathError => new MathError(`Unexpected '${peek().text}'`)
  const expect = (sign: string): void => {
    if (!isSign(sign)) throw new MathError(`Expected '${sign}' but found '${peek().text}'`)
    at++
  }
  const chain = (operand: () => Expression, operatorHere: () => string | undefined): Expression => {
    let left = operand()
    for (let operator = operatorHere(); operator !== undefined; operator = operatorHere()) {
      at++
      left = { kind: 'operator', operator, left, right: operand() }
    }
    return left
  }
  const or = (): Expression => {
    if (++depth > deepest) throw new MathError('The expression is nested too deeply')
    const read = chain(and, () => (isSign('||') || isWord('OR') ? 'OR' : undefined))
    depth--
    return read
  }
  const and = (): Expression => chain(compare, () => (isSign('&&') || isWord('AND') ? 'AND' : undefined))
  const compare = (): Expression =>
    chain(sum, () => (isSign('==', '!=', '<=', '>=', '<', '>') ? peek().text : undefined))
  const sum = (): Expression => chain(product, () => (isSign('+', '-') ? peek().text : undefined))
  const product = (): Expression => chain(power, () => (isSign('*', '/') ? peek().text : undefined))
  const power = (): Expression => {
    const left = unary()
    if (!isSign('^')) return left
    at++
    return { kind: 'operator', operator: '^', left, right: power() }
  }
  const unary = (): Expression => {
    if (!isSign('-')) return atom()
    if (++depth > deepest) throw new MathError('The expression is nested too deeply')
    at++
    const operand = unary()
    depth--
    return { kind: 'negated', operand }
  }
  const listUntil = (end: string): Expression[] => {
    const items: Expression[] = []
    if (!isSign(end)) {
      items.push(or())
      while (isSign(',')) {
        at++
        items.push(or())
      }
    }
    expect(end)
    return items
  }
  const atom = (): Expression => {
    const { kind, text } = peek()
    if (kind === 'end') throw unexpected()
    at++
    if (kind === 'number') return { kind: 'number', value: Number(text) }
    if (kind === 'text') return { kind: 'text', value: text }
    if (kind === 'name') {
      if (!isSign('(')) return { kind: 'name', name: text }
      at++
      return { kind: 'call', name: text, given: listUntil(')') }
    }
    if (text === '[') return { kind: 'list', items: listUntil(']') }
    if (text === '(') {
      const inner = or()
      expect(')')
      return inner
    }
    at--
    throw unexpected()
  }
  const parsed = or()
  if (peek().kind !== 'end') throw unexpected()
  return parsed
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
