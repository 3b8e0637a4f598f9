// What is an item after its changes? A new one, that shares with the old what did not change. All is worked out on the
// old item: `SET a = b, b = a` exchanges, and list elements are removed by the places they had.

import { difference, sum } from '../numbers.ts'
import { invalid } from '../errors.ts'
import { attributeOf, setAttribute, typeOf, type AttributeValue, type Item } from '../values.ts'
import { at } from './evaluate.ts'
import type { Change, NewValue, Path } from './tree.ts'

/** Throws ValidationException. */
export function applied(changes: readonly Change[], old: Item): Item {
  const values = changes.map((change) => (change.kind === 'set' ? computed(change.value, old) : undefined))
  const edit = new Edit(old)
  changes.forEach((change, i) => {
    const { path } = change
    switch (change.kind) {
      case 'set':
        return edit.put(path, values[i]!)
      case 'remove':
        return edit.remove(path)
      case 'add':
        return edit.put(path, added(at(path, old), change.value))
      case 'delete': {
        const left = without(at(path, old), change.value)
        if (left === null) return edit.remove(path)
        if (left) return edit.put(path, left)
        return edit.check(path)
      }
    }
  })
  return edit.done()
}

const wrongOperand = (): Error => invalid('An operand in the update expression has an incorrect data type')
const nowhere = (): Error => invalid('The document path provided in the update expression is invalid for update')

function computed(value: NewValue, item: Item): AttributeValue {
  switch (value.kind) {
    case 'value':
      return value.value
    case 'path': {
      const found = at(value.path, item)
      if (!found) throw invalid('The provided expression refers to an attribute that does not exist in the item')
      return found
    }
    case 'default':
      return at(value.path, item) ?? computed(value.otherwise, item)
    case 'append': {
      const [left, right] = [computed(value.left, item).L, computed(value.right, item).L]
      if (!left || !right) throw wrongOperand()
      return { L: [...left, ...right] }
    }
    default: {
      const [left, right] = [computed(value.left, item).N, computed(value.right, item).N]
      if (left === undefined || right === undefined) throw wrongOperand()
      return { N: value.kind === 'plus' ? sum(left, right) : difference(left, right) }
    }
  }
}

/** ADD: a number to a number, members to a set; to what is not there, as if to 0 or to no members. */
export function added(old: AttributeValue | undefined, value: AttributeValue, mismatch = wrongOperand): AttributeValue {
  if (!old) return value
  const type = typeOf(value)
  if (typeOf(old) !== type) throw mismatch()
  if (value.N !== undefined) return { N: sum(old.N!, value.N) }
  if (value.L) return { L: [...old.L!, ...value.L] }
  const kind = type as 'SS' | 'NS' | 'BS'
  return { [kind]: [...new Set([...old[kind]!, ...value[kind]!])] }
}

/** DELETE: members of a set. Null where none are left, undefined where there was no set. */
export function without(
  old: AttributeValue | undefined,
  value: AttributeValue,
  mismatch = wrongOperand,
): AttributeValue | null | undefined {
  if (!old) return undefined
  const type = typeOf(value) as 'SS' | 'NS' | 'BS'
  if (typeOf(old) !== type) throw mismatch()
  const gone = new Set(value[type])
  const left = old[type]!.filter((member) => !gone.has(member))
  return left.length === 0 ? null : { [type]: left }
}

/** What happens to one list: all of it by the places of the old one. */
interface ListEdit {
  readonly removed: Set<number>
  readonly beyond: [place: number, value: AttributeValue][]
}

/** Copies of what is on the way to a change, each made once. */
class Edit {
  readonly #root: AttributeValue
  readonly #copies = new Set<AttributeValue>()
  readonly #lists = new Map<AttributeValue[], ListEdit>()

  constructor(old: Item) {
    this.#root = { M: { ...old } }
    this.#copies.add(this.#root)
  }

  put(path: Path, value: AttributeValue): void {
    const parent = this.#parent(path)
    const step = path.at(-1)!
    if (typeof step === 'string' && parent?.M) return setAttribute(parent.M, step, value)
    if (typeof step !== 'number' || !parent?.L) throw nowhere()
    if (step < parent.L.length) parent.L[step] = value
    else this.#listEdit(parent.L).beyond.push([step, value])
  }

  /** Nothing is done there, but it could be. */
  check(path: Path): void {
    const parent = this.#parent(path)
    if (!(typeof path.at(-1) === 'number' ? parent?.L : parent?.M)) throw nowhere()
  }

  remove(path: Path): void {
    const parent = this.#parent(path)
    const step = path.at(-1)!
    if (typeof step === 'string' && parent?.M) delete parent.M[step]
    else if (typeof step === 'number' && parent?.L) this.#listEdit(parent.L).removed.add(step)
    else throw nowhere()
  }

  done(): Item {
    for (const [list, { removed, beyond }] of this.#lists) {
      const kept = list.filter((_, place) => !removed.has(place))
      beyond.sort(([a], [b]) => a - b)
      list.splice(0, list.length, ...kept, ...beyond.map(([, value]) => value))
    }
    return this.#root.M!
  }

  #listEdit(list: AttributeValue[]): ListEdit {
    let edit = this.#lists.get(list)
    if (!edit) this.#lists.set(list, (edit = { removed: new Set(), beyond: [] }))
    return edit
  }

  /** The map or list that holds the path's last step, as a copy; undefined where the way breaks off. */
  #parent(path: Path): AttributeValue | undefined {
    let here = this.#root
    for (const step of path.slice(0, -1)) {
      const next = typeof step === 'number' ? here.L?.[step] : here.M && attributeOf(here.M, step)
      if (!next) return undefined
      const copy = this.#copied(next)
      if (typeof step === 'number') here.L![step] = copy
      else setAttribute(here.M!, step, copy)
      here = copy
    }
    return here
  }

  #copied(value: AttributeValue): AttributeValue {
    if (this.#copies.has(value)) return value
    const copy = value.M ? { M: { ...value.M } } : value.L ? { L: [...value.L] } : value
    this.#copies.add(copy)
    return copy
  }
}
