// Bodies on their way into the database. Those that only read go one way, those that write another; on each, all that
// wait at a moment go together, in one call. One that is refused, because what it was told no longer holds, is told anew
// and runs again; after a few times the writers' lock is taken first, and then it cannot be refused.

import { Failure } from '../../lib/errors.ts'
import { Chance } from './postgres-chance.ts'
import type { Database, Session } from './postgres-database.ts'
import { isLuck } from './postgres-database.ts'
import { Known, Overlay, Run, type Point, type Stretch } from './postgres-rows.ts'
import { lockOut, settle } from './postgres-schema.ts'
import type { Rows } from './store.ts'

interface Job {
  readonly space: string
  readonly body: (rows: Rows) => unknown
  /** What was fetched for it. */
  readonly told: Known
  refused: number
  runs: number
  readonly chance: Chance
  resolve(value: unknown): void
  reject(error: unknown): void
}

interface Running {
  readonly run: Run
  readonly overlay: Overlay | undefined
}

type Outcome = { readonly value: unknown } | { readonly error: unknown }

interface Settled {
  points: [index: number, version: number, text: string | null, asked: number][] | null
  ranges: [index: number, digest: string, rows: [string, string][], asked: string][] | null
  done?: [space: string, name: string, key: string, version: number][]
}

/** So many bodies, or about so many characters of changes, go together at the most. */
const together = 200
const heavy = 4 * 1024 * 1024
/** How often a body is refused before it takes the lock. */
const patience = 3

/** Each run is told of one row at least: no body asks for as many, one after the other. */
const mostRuns = 10_000

/** Two believe otherwise of the same row: what no row has, so that both are told. */
const contradiction = { version: -2, digest: 'contradiction' }

export class Transactions {
  readonly #database: Database
  readonly #now: () => number
  /** Sees to it that a blob's bytes are there before a row refers to it. */
  readonly #stored: (blob: string) => Promise<void> | undefined
  readonly #shared = new Known(true)
  readonly #reading: Lane
  readonly #writing: Lane
  /** The body that runs at this moment. */
  #current: Running | undefined

  constructor(database: Database, now: () => number, stored: (blob: string) => Promise<void> | undefined) {
    this.#database = database
    this.#now = now
    this.#stored = stored
    this.#reading = new Lane((jobs) => this.#read(jobs))
    this.#writing = new Lane((jobs) => this.#write(jobs))
  }

  run<T>(space: string, body: (rows: Rows) => T): T | Promise<T> {
    if (this.#current) return this.#inner(this.#current, space, body)
    return new Promise<T>((resolve, reject) => {
      this.#reading.add({
        space,
        body,
        told: new Known(false),
        refused: 0,
        runs: 0,
        chance: new Chance(),
        resolve: resolve as never,
        reject,
      })
    })
  }

  #inner<T>({ run, overlay }: Running, space: string, body: (rows: Rows) => T): T {
    const mark = overlay?.mark ?? 0
    try {
      return body(run.rowsOf(space))
    } catch (error) {
      overlay?.backTo(mark)
      throw error
    }
  }

  /** Undefined where it could not be run to its end: `run` knows why. */
  #attempt(job: Job, overlay: Overlay | undefined): { run: Run; outcome: Outcome | undefined } {
    const run = new Run(job.told, this.#shared, overlay)
    const mark = overlay?.mark ?? 0
    let outcome: Outcome
    this.#current = { run, overlay }
    try {
      if (++job.runs > mostRuns) throw new Failure('Local', 'a request asked for other rows each time it was run')
      outcome = { value: job.chance.repeat(() => job.body(run.rowsOf(job.space))) }
    } catch (error) {
      overlay?.backTo(mark)
      outcome = { error }
    } finally {
      this.#current = undefined
    }
    if (!run.stopped) return { run, outcome }
    overlay?.backTo(mark)
    return { run, outcome: undefined }
  }

  async #read(jobs: Job[]): Promise<void> {
    const attempts = jobs.map((job) => ({ job, ...this.#attempt(job, undefined) }))
    for (const { job, run } of attempts) if (run.writes) this.#writing.add(job)
    const rest = attempts.filter(({ run }) => !run.writes)
    if (rest.length === 0) return
    try {
      const runs = rest.map(({ run }) => run)
      const { refused } = await this.#settle(this.#database, rest, undefined)
      rest.forEach(({ job, outcome }, i) => {
        if (outcome && !refused.has(runs[i]!)) return finish(job, outcome)
        if (outcome) job.refused++
        // One that is outrun again and again goes with the writers, which are not.
        ;(job.refused > patience ? this.#writing : this.#reading).add(job)
      })
    } catch (error) {
      for (const { job } of rest) job.reject(error)
    }
  }

  async #write(jobs: Job[]): Promise<void> {
    try {
      if (jobs.some(({ refused }) => refused >= patience)) await this.#writeLocked(jobs)
      else this.#writing.add(...(await this.#round(this.#database, jobs)))
    } catch (error) {
      if (isLuck(error) && jobs.every(({ refused }) => refused < patience)) {
        for (const job of jobs) job.refused++
        this.#writing.add(...jobs)
      } else for (const job of jobs) job.reject(error)
    }
  }

  /** Answers are given when the transaction has ended. */
  async #writeLocked(jobs: Job[]): Promise<void> {
    const answers = await this.#database.transaction(async (session) => {
      await session.query(lockOut)
      const given: (() => void)[] = []
      for (let left = jobs; left.length > 0;) left = await this.#round(session, left, given)
      return given
    })
    for (const give of answers) give()
  }

  /** One call for all; those who must run again are given back. */
  async #round(session: Session, jobs: readonly Job[], later?: (() => void)[]): Promise<Job[]> {
    const overlay = new Overlay()
    const attempts: { job: Job; run: Run; outcome: Outcome | undefined }[] = []
    const waiting: Job[] = []
    for (const job of jobs)
      if (overlay.size > heavy) waiting.push(job)
      else attempts.push({ job, ...this.#attempt(job, overlay) })
    await Promise.all([...new Set(overlay.blobs.map(([id]) => id))].map((id) => this.#stored(id)))
    const { done } = await this.#settle(session, attempts, overlay)
    for (const { job, outcome } of attempts) {
      if (!outcome || !done) {
        if (outcome) job.refused++
        waiting.push(job)
      } else if (later) later.push(() => finish(job, outcome))
      else finish(job, outcome)
    }
    return waiting
  }

  /** Compares, and changes where all holds; what is told anew is remembered for those who asked. */
  async #settle(
    session: Session,
    attempts: readonly { job: Job; run: Run; outcome: Outcome | undefined }[],
    overlay: Overlay | undefined,
  ): Promise<{ done: boolean; refused: ReadonlySet<Run> }> {
    const points = new Map<string, Point>()
    const stretches = new Map<string, Stretch>()
    for (const { run, outcome } of attempts) {
      // A body that was stopped has nothing to be compared yet: it is only to be told more.
      for (const asked of run.missing) {
        if ('version' in asked) points.set(asked.id, points.get(asked.id) ?? asked)
        else stretches.set(asked.id, stretches.get(asked.id) ?? asked)
      }
      if (!outcome) continue
      for (const [id, point] of run.points) {
        const other = points.get(id)?.version ?? -1
        points.set(id, other === -1 || other === point.version ? point : { ...point, version: contradiction.version })
      }
      for (const [id, stretch] of run.stretches) {
        const other = stretches.get(id)?.digest ?? ''
        stretches.set(
          id,
          other === '' || other === stretch.digest ? stretch : { ...stretch, digest: contradiction.digest },
        )
      }
    }
    const [askedPoints, askedStretches] = [[...points.values()], [...stretches.values()]]
    const request = {
      points: askedPoints.map(({ question, version }) => [...question, version]),
      ranges: askedStretches.map(({ question, digest }) => [...question, digest]),
      changes: overlay ? changesOf(overlay) : [],
      blobs: overlay?.blobs ?? [],
      now: this.#now(),
    }
    const [answer] = await session.query<{ told: string }>(
      `select ${settle}($1::text::json)::text as told`,
      JSON.stringify(request),
    )
    const told = JSON.parse(answer!.told) as Settled
    const news = new Set<string>()
    for (const [index, version, text] of told.points ?? []) {
      const point = { ...askedPoints[index]!, version, text }
      news.add(point.id)
      this.#shared.tellPoint(point)
      for (const { job, run } of attempts) if (isAsked(run, point.id)) job.told.tellPoint(point)
    }
    for (const [index, digest, rows] of told.ranges ?? []) {
      const decoded = rows.map(([key, text]) => ({ key: Buffer.from(key, 'hex').toString(), text }))
      const stretch = { ...askedStretches[index]!, digest, rows: decoded }
      news.add(stretch.id)
      this.#shared.tellStretch(stretch)
      for (const { job, run } of attempts) if (isAsked(run, stretch.id)) job.told.tellStretch(stretch)
    }
    if (told.done && overlay) this.#rememberChanges(overlay, told.done)
    const refused = new Set<Run>()
    for (const { run } of attempts)
      if ([...run.points.keys(), ...run.stretches.keys()].some((id) => news.has(id))) refused.add(run)
    return { done: told.done !== undefined, refused }
  }

  #rememberChanges(overlay: Overlay, versions: NonNullable<Settled['done']>): void {
    const byRow = new Map(versions.map(([space, name, key, version]) => [`${space}\0${name}\0${key}`, version]))
    for (const { space, name, rows } of overlay.tables.values())
      for (const [key, text] of rows) {
        const question = [space, name, Buffer.from(key).toString('hex')] as const
        const version = byRow.get(question.join('\0')) ?? 0
        this.#shared.tellPoint({ id: `${space}\0${name}\0${key}`, question, version, text })
      }
  }
}

function isAsked(run: Run, id: string): boolean {
  return run.points.has(id) || run.stretches.has(id) || run.missing.some((asked) => asked.id === id)
}

function changesOf({ tables }: Overlay): unknown[] {
  return [...tables.values()].flatMap(({ space, name, rows }) =>
    [...rows].map(([key, text]) => [space, name, Buffer.from(key).toString('hex'), text]),
  )
}

function finish(job: Job, outcome: Outcome): void {
  if ('error' in outcome) job.reject(outcome.error)
  else job.resolve(outcome.value)
}

/** Work that is done together: what comes while some is being done waits for the next time. */
class Lane {
  readonly #work: (jobs: Job[]) => Promise<void>
  #waiting: Job[] = []
  #busy = false

  constructor(work: (jobs: Job[]) => Promise<void>) {
    this.#work = work
  }

  add(...jobs: Job[]): void {
    this.#waiting.push(...jobs)
    if (this.#busy || this.#waiting.length === 0) return
    this.#busy = true
    queueMicrotask(() => void this.#empty())
  }

  async #empty(): Promise<void> {
    while (this.#waiting.length > 0) await this.#work(this.#waiting.splice(0, together))
    this.#busy = false
  }
}
