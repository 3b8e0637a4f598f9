// The S3 that does next to nothing (s3-sink.c): compiled here, and started for a race that is to show clients alone.

import { join } from 'node:path'
import { program, type Witness } from '../../tests/witnesses/witnesses.ts'

export interface Sink {
  readonly url: string
  stop(): void
}

let built: Witness<string> | undefined

/** Compiled into `folder` once. */
export function sinkProgram(folder: string): Witness<string> {
  return (built ??= compiled(join(folder, 'sink')))
}

function compiled(out: string): Witness<string> {
  const compiler = program('cc')
  if ('missing' in compiler) return compiler
  const words = [compiler.found, '-O2', '-pthread', join(import.meta.dirname, 's3-sink.c'), '-o', out]
  for (const more of [['-DTLS', '-lssl', '-lcrypto'], []]) {
    if (Bun.spawnSync([...words, ...more], { stderr: 'ignore' }).exitCode === 0) return { found: out }
  }
  return { missing: 'the sink does not compile' }
}

export async function startSink(binary: string, words: readonly string[] = []): Promise<Sink> {
  const child = Bun.spawn([binary, '0', ...words], { stdout: 'pipe', stderr: 'inherit', stdin: 'ignore' })
  const { value } = await child.stdout.getReader().read()
  if (!value) throw new Error('the sink did not start')
  return { url: new TextDecoder().decode(value).trim(), stop: () => child.kill() }
}
