// What time is it? For a body that is run again the same as the first time: what it looks for up to now must be the same
// rows, or it would never be told enough.

let held: number | undefined

/** Milliseconds. */
export function moment(): number {
  return held ?? Date.now()
}

/** Runs `work`, which must not wait for anything, at that time. */
export function holding<T>(time: number, work: () => T): T {
  const before = held
  held = time
  try {
    return work()
  } finally {
    held = before
  }
}
