// The program as one executable, for this machine or another: `bun build --compile` with what makes it start in
// milliseconds. Splitting and bytecode: a chunk that is not loaded costs nothing. `.env` and bunfig.toml are not loaded
// from the working directory: a bunfig.toml there could run code.
//
// The same sources, packages and Bun give the same bytes, wherever they lie: no time goes in, and of paths only what they
// are from where the bundler runs. So it runs in the root; and since the file's name goes in, it is built under its own.

import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { oneChunk } from './one-chunk.ts'
import { pieces } from './pieces.ts'

export interface ProgramBuild {
  readonly root: string
  /** Where the executable goes. */
  readonly outfile: string
  /** `bun-linux-arm64-musl` …; this machine where it is left out. */
  readonly target?: Bun.Build.CompileTarget
}

/** Code must run so many times more often than usual before it is compiled: main.ts takes it back for what runs longer. */
const JIT_POLICY = 100

const ORDERS = join(import.meta.dirname, 'bytecode')

/** What each kind of start runs, which is laid side by side: the most frequent first. scripts/bytecode-order.ts records it. */
export const bytecodeOrders = {
  commands: join(ORDERS, 'commands'),
  /** The local AWS, until its first answer. */
  server: join(ORDERS, 'server'),
  /** What it is asked most. */
  requests: join(ORDERS, 'requests'),
}

/** Throws Error with what the bundler says. */
export async function buildProgram({ root, outfile: wanted, target }: ProgramBuild): Promise<void> {
  const outfile = resolve(wanted)
  const folder = `${outfile}.${process.pid}.unfinished`
  const unfinished = join(folder, basename(outfile))
  const from = process.cwd()
  mkdirSync(dirname(outfile), { recursive: true })
  try {
    process.chdir(root)
    await bundled({
      entrypoints: [join(root, 'src/main.ts')],
      target: 'bun',
      bytecode: true,
      plugins: [oneChunk(root), pieces(root)],
      compile: {
        outfile: unfinished,
        autoloadDotenv: false,
        autoloadBunfig: false,
        bytecodeOrder: Object.values(bytecodeOrders),
        jitPolicy: JIT_POLICY,
        ...(target && { target }),
      },
    })
    renameSync(unfinished, outfile)
  } finally {
    process.chdir(from)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Minified and split. Throws Error with what the bundler says. */
async function bundled(config: Bun.BuildConfig): Promise<void> {
  const { success, logs } = await Bun.build({ ...config, minify: true, format: 'esm', splitting: true, throw: false })
  if (!success) throw new Error(logs.map(String).join('\n'))
}
