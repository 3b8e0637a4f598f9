// In how many parts does a thing travel?
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html

const mebibyte = 1 << 20
const smallestPart = 5 * mebibyte
const largestPart = 5 * 1024 * mebibyte
const mostParts = 10_000

/** The wished size of part, doubled until there are few enough, and within what S3 takes. */
export function partSize(wished: number, total: number | undefined): number {
  let size = wished
  if (total !== undefined) for (; Math.ceil(total / size) > mostParts; size *= 2);
  return Math.min(Math.max(size, smallestPart), largestPart)
}

export interface Part {
  /** From 1. */
  readonly number: number
  readonly offset: number
  readonly length: number
}

export function* partsOf(total: number, size: number): Generator<Part> {
  for (let number = 1, offset = 0; offset < total; number++, offset += size) {
    yield { number, offset, length: Math.min(size, total - offset) }
  }
}
