// WebAssembly written by hand: a few instructions as functions that answer their bytes, and the module around them.

/** Bytes of a module, each a character: text is put together fast before a compiler has seen the program. */
export type Code = string

export const i32 = '\x7f'
export const i64 = '\x7e'

export interface Definition {
  readonly name: string
  /** One character each, i32 or i64. */
  readonly parameters: Code
  readonly results?: Code
  /** The body, its locals first and `end` last. */
  readonly body: Code
}

/** An instance that exports the functions by name, and `memory`. @param size bytes of memory at least */
export function instantiated<T>(size: number, functions: readonly Definition[]): T & { memory: WebAssembly.Memory } {
  const code =
    '\0asm\x01\0\0\0' +
    section(1, list(...functions.map(({ parameters, results = '' }) => '\x60' + text(parameters) + text(results)))) +
    section(3, list(...functions.map((_, index) => String.fromCharCode(index)))) +
    section(5, list('\0' + unsigned(Math.ceil(size / 65536)))) +
    section(
      7,
      list(
        text('memory') + '\x02\0',
        ...functions.map(({ name }, index) => text(name) + '\0' + String.fromCharCode(index)),
      ),
    ) +
    section(10, list(...functions.map(({ body }) => unsigned(body.length) + body)))
  const bytes = new Uint8Array(code.length)
  for (let at = 0; at < code.length; at++) bytes[at] = code.charCodeAt(at)
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as T & {
    memory: WebAssembly.Memory
  }
}

// https://webassembly.github.io/spec/core/binary/instructions.html
const empty = '\x40'
export const end = '\x0b'

export interface Local {
  readonly get: Code
  set(value: Code): Code
}

export function local(index: number): Local {
  const number = String.fromCharCode(index)
  return { get: '\x20' + number, set: (value) => `${value}\x21${number}` }
}

export function const32(value: number): Code {
  return '\x41' + signed(value)
}
export function const64(value: number | bigint): Code {
  return '\x42' + (typeof value === 'number' ? signed(value) : signedBig(value))
}
export function load64(offset: number, place: Code): Code {
  return `${place}\x29\0${unsigned(offset)}`
}
export function load8(place: Code): Code {
  return `${place}\x31\0\0`
}
/** Sixteen bytes at once. https://github.com/WebAssembly/simd/blob/main/proposals/simd/BinarySIMD.md */
export function load128(offset: number, place: Code): Code {
  return `${place}\xfd\0\0${unsigned(offset)}`
}
export function store128(offset: number, place: Code, value: Code): Code {
  return `${place}${value}\xfd\x0b\0${unsigned(offset)}`
}
export function xor128(a: Code, b: Code): Code {
  return binary('\xfd\x51', a, b)
}
export function store64(offset: number, place: Code, value: Code): Code {
  return `${place}${value}\x37\0${unsigned(offset)}`
}
export function binary(instruction: Code, a: Code, b: Code): Code {
  return a + b + instruction
}
export function xor64(a: Code, b: Code): Code {
  return binary('\x85', a, b)
}
export function add64(a: Code, b: Code): Code {
  return binary('\x7c', a, b)
}
export function multiply64(a: Code, b: Code): Code {
  return binary('\x7e', a, b)
}
export function rotateLeft64(value: Code, bits: number): Code {
  return binary('\x89', value, const64(bits))
}
export function and64(a: Code, b: Code): Code {
  return binary('\x83', a, b)
}
export function shiftRight64(value: Code, bits: number): Code {
  return binary('\x88', value, const64(bits))
}
export function add32(a: Code, b: Code): Code {
  return binary('\x6a', a, b)
}
export function subtract32(a: Code, b: Code): Code {
  return binary('\x6b', a, b)
}
export function and32(value: Code, mask: number): Code {
  return binary('\x71', value, const32(mask))
}
export function shiftLeft32(value: Code, bits: number): Code {
  return binary('\x74', value, const32(bits))
}
export function shiftRight32(value: Code, bits: number): Code {
  return binary('\x76', value, const32(bits))
}
export function below(a: Code, b: Code): Code {
  return binary('\x49', a, b)
}
export function select(ifTrue: Code, ifFalse: Code, condition: Code): Code {
  return `${ifTrue}${ifFalse}${condition}\x1b`
}
/** The lower half of a 64-bit number. */
export function low(value: Code): Code {
  return value + '\xa7'
}
export function widened(value: Code): Code {
  return value + '\xad'
}
export function when(condition: Code, body: Code): Code {
  return `${condition}\x04${empty}${body}${end}`
}
export function whilst(condition: Code, body: Code): Code {
  return `\x02${empty}\x03${empty}${condition}\x45\x0d\x01${body}\x0c\0${end}${end}`
}
/** `body` with `index` from 0 up to `limit`. */
export function count(index: Local, limit: number, body: Code): Code {
  return (
    index.set(const32(0)) + whilst(below(index.get, const32(limit)), body + index.set(add32(index.get, const32(1))))
  )
}

function section(id: number, content: Code): Code {
  return String.fromCharCode(id) + unsigned(content.length) + content
}
/** How many there are, and they. */
function list(...items: readonly Code[]): Code {
  return unsigned(items.length) + items.join('')
}
/** A list whose items are characters. */
function text(name: string): Code {
  return unsigned(name.length) + name
}
export function locals(...types: readonly Code[]): Code {
  return unsigned(types.length) + types.map((type) => '\x01' + type).join('')
}
/** LEB128. */
function unsigned(value: number): Code {
  return value < 128 ? String.fromCharCode(value) : String.fromCharCode((value & 127) | 128) + unsigned(value >>> 7)
}
function signed(value: number): Code {
  return value >= -64 && value < 64
    ? String.fromCharCode(value & 127)
    : String.fromCharCode((value & 127) | 128) + signed(value >> 7)
}
function signedBig(value: bigint): Code {
  const byte = Number(value & 127n)
  return value >= -64n && value < 64n
    ? String.fromCharCode(byte)
    : String.fromCharCode(byte | 128) + signedBig(value >> 7n)
}
