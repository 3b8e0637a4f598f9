// A local account of a test's own: its server, its clock, and calls by the program as somebody of it.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { scratch } from './witnesses.ts'

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface Done {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Account {
  readonly home: string
  readonly url: string
  readonly admin: Keys
  /** Runs a program as somebody of the account, by its server. */
  run(program: readonly string[], keys: Keys | undefined, env?: Record<string, string>): Done
  /** `virga local …` on this account. */
  local(...words: string[]): Done
  /** Starts `virga local …` and waits for the file that says it is ready. Ends with the account. */
  serve(...words: string[]): Promise<string[]>
  stop(): Promise<void>
}

export async function account(virga: string): Promise<Account> {
  const home = scratch('account')
  const own = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
  }
  const children: Bun.Subprocess[] = []

  const run = (program: readonly string[], env: Record<string, string>): Done => {
    const { exitCode, stdout, stderr } = Bun.spawnSync([...program], { env: { ...own, ...env }, cwd: home })
    return { code: exitCode, out: stdout.toString(), err: stderr.toString() }
  }

  async function serve(...words: string[]): Promise<string[]> {
    const ready = join(home, `ready-${children.length}`)
    const child = Bun.spawn([virga, 'local', ...words, '--port', '0', '--ready-file', ready], {
      env: own,
      cwd: home,
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'pipe',
    })
    children.push(child)
    while (!(await Bun.file(ready).exists())) {
      if (child.exitCode !== null)
        throw new Error(`virga local ${words.join(' ')}: ${await new Response(child.stderr).text()}`)
      await Bun.sleep(10)
    }
    return (await Bun.file(ready).text()).trim().split('\n')
  }

  const [url] = await serve('start')
  const given = run([virga, 'local', 'env'], {}).out
  const value = (name: string): string => new RegExp(`^export ${name}='([^']*)'`, 'm').exec(given)![1]!
  return {
    home,
    url: url!,
    admin: { accessKeyId: value('AWS_ACCESS_KEY_ID'), secretAccessKey: value('AWS_SECRET_ACCESS_KEY') },
    run: (program, keys, env = {}) =>
      run(program, {
        AWS_ENDPOINT_URL: url!,
        ...(keys && { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey }),
        ...(keys?.sessionToken && { AWS_SESSION_TOKEN: keys.sessionToken }),
        ...env,
      }),
    local: (...words) => run([virga, 'local', ...words], {}),
    serve,
    async stop() {
      for (const child of children) child.kill()
      await Promise.all(children.map((child) => child.exited))
      rmSync(home, { recursive: true, force: true })
    },
  }
}
