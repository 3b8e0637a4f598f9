// May what is only at the target be deleted? `sync --delete` makes the target like the source, and if the source is not
// what its owner thinks it is, the target is lost: that has wiped backups.
//
// https://github.com/aws/aws-cli/issues/1564 and its kin.

import { Failure } from '../../../lib/errors.ts'
import type { Entry } from '../../../transfer/entry.ts'
import type { GivenWords } from '../command.ts'

export class DeleteGuard {
  readonly #most: number | undefined
  readonly #emptyAllowed: boolean
  /** What is at the source and could not be read, by its name there. */
  readonly #notSeen: string[] = []
  readonly #held: Entry[] = []
  #seen = 0

  constructor(given: GivenWords) {
    const most = given['max-delete']
    this.#most = most === undefined ? undefined : Number(most)
    this.#emptyAllowed = given['allow-empty-source'] === true || given.dryrun === true
  }

  /** Something is at the source. */
  seen(): void {
    this.#seen++
  }

  /** Something is there, but cannot be read: nothing is known of what is below it. */
  notSeen(name: string): void {
    this.#notSeen.push(name.replace(/\/$/, ''))
  }

  /** Throws Failure('InvalidValue') where the source has nothing at all. */
  mayDelete({ name }: Entry): boolean {
    if (this.#notSeen.some((each) => each !== '' && (name === each || name.startsWith(`${each}/`)))) return false
    if (this.#seen > 0 || this.#emptyAllowed) return true
    throw new Failure(
      'InvalidValue',
      'The source is empty or missing, and --delete would delete everything at the destination. Nothing was deleted. ' +
        'Add --allow-empty-source if that is what you want',
    )
  }

  /** Whether a deletion waits until all of them are counted. */
  holds(entry: Entry): boolean {
    if (this.#most === undefined) return false
    if (this.#held.length <= this.#most) this.#held.push(entry)
    return true
  }

  /** Those that waited. Throws Failure('InvalidValue') where they are too many. */
  held(): readonly Entry[] {
    if (this.#most === undefined || this.#held.length <= this.#most) return this.#held
    throw new Failure(
      'InvalidValue',
      `More than ${this.#most} deletions, which --max-delete forbids. Nothing was deleted`,
    )
  }
}
