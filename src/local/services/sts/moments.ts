// STS tells time in whole seconds.

export function wholeSeconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000) * 1000
}
