// What races between whole processes say, and how that compares with what was aimed at.

import { join } from 'node:path'

export interface Contestant {
  name: string
  command: readonly string[]
  env?: Record<string, string>
}

export interface Figures {
  name: string
  /** Medians: milliseconds of wall clock, of CPU (user and system); MiB at the peak. */
  wall: number
  cpu: number
  memory: number
}

/** Throws what a contestant that failed has said. */
export function race(contestants: readonly Contestant[], rounds: number): Figures[] {
  const field = contestants.map(({ name, command, env }) => ({
    name,
    command,
    env: { PATH: process.env.PATH ?? '', ...env },
  }))
  const done = Bun.spawnSync(['python3', join(import.meta.dir, 'race.py')], {
    stdin: Buffer.from(JSON.stringify({ rounds, contestants: field })),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  if (done.exitCode !== 0) throw new Error(done.stderr.toString().trim())
  return JSON.parse(done.stdout.toString()) as Figures[]
}

export interface Target {
  figure: 'wall' | 'cpu' | 'memory'
  of: string
  to: string
  atMost: number
}

/** Prints the figures of one race and its ratios against the targets; returns how many targets were missed. */
export function report(title: string, figures: readonly Figures[], targets: readonly Target[]): number {
  console.log(`\n${title}`)
  const width = Math.max(...figures.map(({ name }) => name.length))
  for (const { name, wall, cpu, memory } of figures) {
    console.log(
      `  ${name.padEnd(width)}  wall ${wall.toFixed(1).padStart(8)} ms  cpu ${cpu.toFixed(1).padStart(8)} ms  peak ${memory.toFixed(1).padStart(6)} MiB`,
    )
  }
  const named = (name: string): Figures => figures.find((figure) => figure.name === name)!
  let missed = 0
  for (const { figure, of, to, atMost } of targets) {
    if (!figures.some(({ name }) => name === to)) continue
    const ratio = named(of)[figure] / named(to)[figure]
    const met = ratio <= atMost
    if (!met) missed++
    console.log(
      `  ${of} / ${to}, ${figure}: ${ratio.toFixed(4)}  (target ≤ ${atMost.toFixed(3)})  ${met ? 'met' : 'MISSED'}`,
    )
  }
  return missed
}
