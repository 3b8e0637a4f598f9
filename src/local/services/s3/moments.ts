// At which second did it happen? S3 tells moments by the second: `2026-11-22T12:21:46.000Z` in listings, and HTTP's dates
// have no fractions, so that an object found by either is the same age.

export function wholeSecond(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000)
}
