// The built program, in a home of its own, as a person would start it.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const virga = process.env['VIRGA_COMMAND']?.split(' ') ?? [join(import.meta.dir, '..', 'dist', 'virga')]

/** Why it cannot be started, if it cannot. */
export const noProgram = existsSync(virga[0]!) ? undefined : `there is no ${virga[0]}: npm run build`

export interface Ran {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/** A home that is removed afterwards, and the program in it. `env` comes on top of an environment with nothing of AWS. */
export class Home {
  readonly folder = mkdtempSync(join(tmpdir(), 'virga-home-'))

  env(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return { PATH: process.env['PATH']!, HOME: this.folder, AWS_EC2_METADATA_DISABLED: 'true', ...more }
  }

  run(argv: readonly string[], { env, stdin }: { env?: Record<string, string>; stdin?: string } = {}): Ran {
    const ran = Bun.spawnSync([...virga, ...argv], {
      cwd: this.folder,
      env: this.env(env),
      stdin: stdin === undefined ? 'ignore' : Buffer.from(stdin),
    })
    return { exit: ran.exitCode, stdout: ran.stdout.toString(), stderr: ran.stderr.toString() }
  }

  /** On the local account. */
  local(argv: readonly string[], env?: Record<string, string>): Ran {
    return this.run([...argv, '--profile', 'local'], env === undefined ? {} : { env })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
