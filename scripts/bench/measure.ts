// Whole processes timed side by side: A B C A B C …, so that a machine whose speed drifts is fair to all.

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

export function race(contestants: readonly Contestant[], rounds: number): Figures[] {
  const runs = contestants.map(() => ({ wall: [] as number[], cpu: [] as number[], memory: [] as number[] }))
  for (let round = -1; round < rounds; round++) {
    contestants.forEach((contestant, index) => {
      const began = performance.now()
      const done = Bun.spawnSync([...contestant.command], {
        env: { PATH: process.env.PATH ?? '', ...contestant.env }, stdout: 'pipe', stderr: 'pipe', stdin: 'ignore',
      })
      const wall = performance.now() - began
      if (done.exitCode !== 0) {
        throw new Error(`${contestant.name} ended with ${done.exitCode}: ${done.stderr.toString().trim().slice(0, 400)}`)
      }
      if (round < 0) return // a warm-up, not counted
      const run = runs[index]!
      run.wall.push(wall)
      run.cpu.push(Number(done.resourceUsage.cpuTime.total) / 1000)
      run.memory.push(done.resourceUsage.maxRSS / 1024 ** 2)
    })
  }
  return contestants.map(({ name }, index) => {
    const { wall, cpu, memory } = runs[index]!
    return { name, wall: median(wall), cpu: median(cpu), memory: median(memory) }
  })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
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
    console.log(`  ${of} / ${to}, ${figure}: ${ratio.toFixed(4)}  (target ≤ ${atMost.toFixed(3)})  ${met ? 'met' : 'MISSED'}`)
  }
  return missed
}
