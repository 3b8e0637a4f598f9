// map, filter, find and some, over whatever can be iterated. JavaScriptCore's methods of these names are JavaScript, which every
// process compiles anew when it first calls one: 0.1 ms each, of the ten that a command lasts. What every call runs takes
// these; all else takes the methods.

export function map<T, U>(items: Iterable<T>, to: (item: T) => U): U[] {
  const made: U[] = []
  for (const item of items) made.push(to(item))
  return made
}

export function filter<T>(items: Iterable<T>, test: (item: T) => boolean): T[] {
  const kept: T[] = []
  for (const item of items) if (test(item)) kept.push(item)
  return kept
}

export function find<T>(items: Iterable<T>, test: (item: T) => boolean): T | undefined {
  for (const item of items) if (test(item)) return item
  return undefined
}

export function some<T>(items: Iterable<T>, test: (item: T) => boolean): boolean {
  for (const item of items) if (test(item)) return true
  return false
}
