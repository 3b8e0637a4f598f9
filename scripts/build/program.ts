// The program as one executable, for this machine or another: `bun build --compile` with what makes it start in
// milliseconds. Splitting and bytecode: a chunk that is not loaded costs nothing. `.env` and bunfig.toml are not loaded
// from the working directory: a bunfig.toml there could run code.
//
// The same sources, packages and Bun give the same bytes, wherever they lie: nothing of the path of the build and no
// time goes in. What the file is called does, so it is built under its own name and then moved.

import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { oneChunk } from './one-chunk.ts'

export interface ProgramBuild {
  readonly root: string
  /** Where the executable goes. */
  readonly outfile: string
  /** `bun-linux-arm64-musl` …; this machine where it is left out. */
  readonly target?: Bun.Build.CompileTarget
}

/** Throws Error with what the bundler says. */
export async function buildProgram({ root, outfile, target }: ProgramBuild): Promise<void> {
  const folder = `${outfile}.${process.pid}.unfinished`
  const unfinished = join(folder, basename(outfile))
  mkdirSync(dirname(outfile), { recursive: true })
  try {
    await bundled({
      entrypoints: [join(root, 'src/main.ts')],
      target: 'bun',
      bytecode: true,
      plugins: [oneChunk(root)],
      compile: { outfile: unfinished, autoloadDotenv: false, autoloadBunfig: false, ...(target && { target }) },
    })
    renameSync(unfinished, outfile)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Minified and split. Throws Error with what the bundler says. */
export async function bundled(config: Bun.BuildConfig): Promise<void> {
  const { success, logs } = await Bun.build({ ...config, minify: true, format: 'esm', splitting: true, throw: false })
  if (!success) throw new Error(logs.map(String).join('\n'))
}
