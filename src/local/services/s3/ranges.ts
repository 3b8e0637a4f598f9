// Which bytes does a Range header ask for?  https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2

import { s3Error } from './errors.ts'

export interface Slice {
  start: number
  /** Exclusive. */
  end: number
}

/** Undefined where all is meant: no header, several ranges, or one that is not well-formed. Throws InvalidRange. */
export function sliceOf(range: string | undefined, size: number): Slice | undefined {
  const found = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/.exec(range ?? '')
  if (!found || (found[1] === '' && found[2] === '')) return undefined
  if (found[1] === '') {
    const last = Number(found[2])
    if (last === 0 || size === 0) throw notSatisfiable(range!, size)
    return { start: Math.max(0, size - last), end: size }
  }
  const start = Number(found[1])
  const end = found[2] === '' ? size : Math.min(Number(found[2]) + 1, size)
  if (found[2] !== '' && Number(found[2]) < start) return undefined
  if (start >= size) throw notSatisfiable(range!, size)
  return { start, end }
}

function notSatisfiable(RangeRequested: string, ActualObjectSize: number): Error {
  return s3Error(416, 'InvalidRange', 'The requested range is not satisfiable', { RangeRequested, ActualObjectSize })
}
