// What must be there? Of each thing: what was acknowledged last, and what may have come after it, because an answer did
// not come. Values are texts; '' is "not there".

export class Ledger {
  readonly #sure = new Map<string, string>()
  readonly #perhaps = new Map<string, Set<string>>()
  acknowledged = 0
  unanswered = 0

  /** Does `change` to a thing, which then has `value`; or perhaps has it, where `change` throws. */
  async change(thing: string, value: string, change: () => Promise<unknown>): Promise<void> {
    const perhaps = this.#perhaps.get(thing) ?? new Set()
    this.#perhaps.set(thing, perhaps.add(value))
    try {
      await change()
    } catch (error) {
      this.unanswered++
      throw error
    }
    this.acknowledged++
    this.#sure.set(thing, value)
    this.#perhaps.delete(thing)
  }

  /** It was seen so. */
  note(thing: string, value: string): void {
    this.#sure.set(thing, value)
  }

  sure(thing: string): string {
    return this.#sure.get(thing) ?? ''
  }

  get things(): string[] {
    return [...new Set([...this.#sure.keys(), ...this.#perhaps.keys()])]
  }

  /** What is wrong with what was found; undefined where it is right. From now on it is what must be there. */
  judge(thing: string, found: string): string | undefined {
    const [sure, perhaps] = [this.sure(thing), this.#perhaps.get(thing)]
    if (found !== sure && !perhaps?.has(found))
      return `${thing}: ${found || 'nothing'} is there, ${[sure || 'nothing', ...(perhaps ?? [])].join(' or ')} must be`
    this.#sure.set(thing, found)
    this.#perhaps.delete(thing)
    return undefined
  }
}
