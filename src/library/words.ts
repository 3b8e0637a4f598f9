// What is wrong with an input is said in the words of the language it was written in: the command line says `<class 'str'>`,
// as the reference does, a program is told of a string.

import { Failure } from '../lib/errors.ts'

const TYPES: Readonly<Record<string, string>> = {
  str: 'string',
  int: 'integer',
  float: 'number',
  'decimal.Decimal': 'number',
  bool: 'boolean',
  NoneType: 'null',
  dict: 'object',
  list: 'array',
  tuple: 'array',
  bytes: 'Uint8Array',
  bytearray: 'Uint8Array',
  'datetime.datetime': 'Date',
}

/** The same failure in our words, where it speaks of types. */
export function inOurWords(error: unknown): unknown {
  if (!(error instanceof Failure) || error.kind !== 'ParamValidation' || !error.message.includes("<class '"))
    return error
  const message = error.message
    .replace(/<class '([\w.]+)'>/g, (whole, name: string) => TYPES[name] ?? whole)
    .replace(/(?<=valid types: ).*/g, (list) =>
      [
        ...new Set(list.replace('file-like object', 'stream').replace('timestamp-string', 'timestamp').split(', ')),
      ].join(', '),
    )
  return new Failure(error.kind, message, error.detail, error)
}
