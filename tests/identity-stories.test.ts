// Stories of people and machines, by the built program: a user whose policy demands MFA, an instance whose role is hidden
// by an administrator's keys, and two hundred processes at once on one cold profile.

import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromBase32, totp } from '../src/lib/totp.ts'
import { identityServices } from './witnesses/identity-services.ts'
import { missingProgram, scratch } from './witnesses/witnesses.ts'

const virga = process.env.VIRGA_COMMAND?.split(' ') ?? [join(import.meta.dir, '..', 'dist', 'virga')]
const folder = scratch('stories')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const lacking = existsSync(virga[0]!) ? missingProgram('setsid') : `there is no ${virga[0]}; npm run build makes it`
if (lacking !== undefined) console.log(`SKIPPED the stories: ${lacking}`)

interface Ran {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

interface Home {
  readonly path: string
  run(argv: string, options?: { env?: Record<string, string>; stdin?: string; typed?: Typed }): Promise<Ran>
  json(argv: string, options?: { env?: Record<string, string> }): Promise<any>
}

/** What is typed once something has been printed; each answer once. */
type Typed = (printed: string) => string | undefined

/** A person's machine: `ana` and `old` talk to the account inside the program, as `--profile local` does. */
function homeOf(name: string): Home {
  const path = join(folder, name)
  mkdirSync(join(path, '.aws'), { recursive: true })
  const run: Home['run'] = async (argv, { env = {}, stdin = '', typed } = {}) => {
    const child = Bun.spawn(['setsid', '--wait', ...virga, ...words(argv)], {
      cwd: path,
      env: { PATH: process.env.PATH ?? '', HOME: path, AWS_EC2_METADATA_DISABLED: 'true', AWS_PAGER: '', ...env },
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    child.stdin.write(stdin)
    if (!typed) child.stdin.end()
    let stdout = ''
    const reading = (async () => {
      for await (const piece of child.stdout) {
        stdout += new TextDecoder().decode(piece)
        const answer = typed?.(stdout)
        if (answer === undefined) continue
        child.stdin.write(answer)
        child.stdin.end()
      }
    })()
    const [stderr, exit] = await Promise.all([new Response(child.stderr).text(), child.exited, reading])
    return { exit, stdout, stderr }
  }
  return {
    path,
    run,
    async json(argv, options) {
      const { exit, stdout, stderr } = await run(`${argv} --output json`, options)
      if (exit !== 0) throw new Error(`${argv}: ${exit} ${stderr}`)
      return stdout === '' ? undefined : JSON.parse(stdout)
    },
  }
}

/** Words with quotes around those that hold spaces or JSON. */
function words(line: string): string[] {
  return Array.from(line.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain!)
}

const mfaPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['s3:ListAllMyBuckets', 'iam:*MFADevice*', 'iam:GetUser'], Resource: '*' },
    {
      Effect: 'Deny',
      NotAction: ['iam:*MFADevice*', 'iam:GetUser', 'sts:GetSessionToken', 'sts:GetCallerIdentity'],
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    },
  ],
})

const rolePolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
})
const trustEc2 = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})

const region = { AWS_REGION: 'us-east-1' }

describe.skipIf(lacking !== undefined)('stories', () => {
  test('a user whose policy demands MFA', async () => {
    const { path, run, json } = homeOf('mfa')
    const list = (profile: string): Promise<Ran> =>
      run(`s3api list-buckets --profile ${profile} --query Buckets`, { env: region })

    await json('iam create-user --user-name ana --profile local')
    await json(`iam put-user-policy --user-name ana --policy-name mfa --policy-document '${mfaPolicy}' --profile local`)
    const { AccessKey } = await json('iam create-access-key --user-name ana --profile local')
    const typed = `${AccessKey.AccessKeyId}\n${AccessKey.SecretAccessKey}\nus-east-1\n\n`
    expect((await run('configure --profile ana', { stdin: typed })).exit).toBe(0)
    expect((await run('configure set endpoint_url virga-local: --profile ana')).exit).toBe(0)

    // Without MFA: no.
    const refused = await list('ana')
    expect([refused.exit, refused.stderr]).toEqual([254, expect.stringContaining('AccessDenied')])

    // A phone photographs the QR code; here the seed is read from what is printed beside it.
    let seed = ''
    /** The code of so many half minutes from now. A code is good once, and none before it is good any more. */
    const code = (steps: number): string => totp(fromBase32(seed)!, Date.now() + steps * 30_000)
    const enrolled = await run('mfa add --profile ana', {
      typed: (printed) => {
        const found = /type the key: ([A-Z2-7]+=*)/.exec(printed)?.[1]
        if (found === undefined || seed !== '' || !printed.endsWith('Code: ')) return undefined
        seed = found
        return `${code(-3)}\n${code(-2)}\n`
      },
    })
    expect(enrolled.stderr).toBe('')
    expect(enrolled.stdout).toContain('is enrolled.\nana: mfa_serial = arn:aws:iam::')

    // A wrong code is refused in AWS's words, and asked for once.
    const wrong = await run('mfa login --profile ana --code 000000')
    expect([wrong.exit, wrong.stderr]).toEqual([254, expect.stringContaining('invalid MFA one time pass code')])

    // One command, and work can begin.
    const ready = await run(`mfa login --profile ana --code ${code(-1)}`)
    expect([ready.exit, ready.stderr]).toEqual([0, ''])
    expect(await list('ana')).toMatchObject({ exit: 0, stderr: '' })
    expect(await json('whoami --profile ana', { env: region })).toMatchObject({ Mfa: 'yes', Source: 'mfa-session' })
    expect((await run('mfa status')).stdout).toMatch(/session {2}\d+ h( \d+ min)? left/)
    expect((await run('mfa logout --profile ana')).exit).toBe(0)

    // The old way: a session by hand, three values copied.
    const serial = /mfa_serial = (\S+)/.exec(readFileSync(join(path, '.aws/config'), 'utf8'))![1]!
    await run('configure set mfa_session false --profile ana')
    const asked = `sts get-session-token --serial-number ${serial} --token-code ${code(0)} --profile ana`
    const again = await json(asked, { env: region })
    const { AccessKeyId, SecretAccessKey, SessionToken } = again.Credentials
    const copied = `${AccessKeyId}\n${SecretAccessKey}\n${SessionToken}\nus-east-1\n\n`
    expect((await run('configure --profile old', { stdin: copied })).exit).toBe(0)
    expect((await run('configure set endpoint_url virga-local: --profile old')).exit).toBe(0)
    expect(await list('old')).toMatchObject({ exit: 0, stderr: '' })
    // The same code: by now a newer one may be due.
    expect((await run(asked, { env: region })).exit).toBe(254)
  }, 60_000)

  test('an administrator in the environment hides the role of the instance', async () => {
    const { path, run, json } = homeOf('instance')
    await json(
      `iam create-role --role-name least-privilege --assume-role-policy-document '${trustEc2}' --profile local`,
    )
    await json(
      `iam put-role-policy --role-name least-privilege --policy-name list --policy-document '${rolePolicy}' --profile local`,
    )
    await json('iam create-instance-profile --instance-profile-name least-privilege --profile local')
    await json(
      'iam add-role-to-instance-profile --instance-profile-name least-privilege --role-name least-privilege --profile local',
    )
    const admin = await json('configure export-credentials --profile local')

    const server = Bun.spawn([...virga, 'local', 'metadata', 'start', '--role', 'least-privilege', '--port', '0'], {
      env: { PATH: process.env.PATH ?? '', HOME: path },
      stdout: 'pipe',
      stderr: 'inherit',
      stdin: 'ignore',
    })
    try {
      const endpoint = await addressIn(server.stdout)
      const onInstance = {
        ...region,
        AWS_ENDPOINT_URL: 'virga-local:',
        AWS_EC2_METADATA_DISABLED: 'false',
        AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint,
      }
      const asAdmin = {
        ...onInstance,
        AWS_ACCESS_KEY_ID: admin.AccessKeyId,
        AWS_SECRET_ACCESS_KEY: admin.SecretAccessKey,
      }

      const who = await json('whoami', { env: asAdmin })
      expect(who).toMatchObject({ Source: 'env', Arn: expect.stringContaining(':user/admin') })
      expect(who.Warnings[0]).toEqual({
        Kind: 'KeysHideRole',
        Text: expect.stringContaining('hides the role least-privilege of this instance'),
      })
      const why = await json('explain credentials', { env: asAdmin })
      expect(why.Rungs.at(-1)).toMatchObject({
        Rung: 'iam-role',
        Verdict: 'hidden',
        Why: 'not reached: env comes first; there is the role least-privilege',
      })
      expect((await run('iam list-users', { env: asAdmin })).exit).toBe(0)

      // What it advises: take the keys away.
      const least = await json('whoami', { env: onInstance })
      expect(least).toMatchObject({
        Source: 'iam-role',
        Arn: expect.stringContaining(':assumed-role/least-privilege/'),
        Warnings: [],
      })
      expect((await run('s3api list-buckets', { env: onInstance })).exit).toBe(0)
      expect(await run('iam list-users', { env: onInstance })).toMatchObject({
        exit: 254,
        stderr: expect.stringContaining('AccessDenied'),
      })
    } finally {
      server.kill()
      await server.exited
    }
  }, 60_000)

  test('two hundred processes at once on one cold profile with a role', async () => {
    const services = await identityServices()
    const { path } = homeOf('crowd')
    writeFileSync(
      join(path, '.aws/credentials'),
      '[default]\naws_access_key_id = AKIACROWDEXAMPLE001\naws_secret_access_key = s\n',
    )
    writeFileSync(
      join(path, '.aws/config'),
      '[profile p]\nregion = us-east-1\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = default\n',
    )
    const crowd = Array.from({ length: 200 }, () =>
      Bun.spawn([...virga, 'sts', 'get-caller-identity', '--profile', 'p', '--query', 'Arn', '--output', 'text'], {
        env: {
          PATH: process.env.PATH ?? '',
          HOME: path,
          AWS_ENDPOINT_URL: services.url,
          AWS_EC2_METADATA_DISABLED: 'true',
        },
        stdin: 'ignore',
        stdout: 'pipe',
        stderr: 'pipe',
      }),
    )
    const ends = await Promise.all(
      crowd.map(async ({ exited, stdout, stderr }) => [
        await exited,
        await new Response(stdout).text(),
        await new Response(stderr).text(),
      ]),
    )
    services.stop()
    const calls = services.asked.filter(({ body }) => (body as { Action?: string }).Action === 'AssumeRole').length
    console.log(`200 processes, ${calls} AssumeRole`)
    expect(new Set(ends.map((end) => JSON.stringify(end))).size).toBe(1)
    expect(ends[0]![0]).toBe(0)
    expect(calls).toBe(1)
    const cache = join(path, '.aws/cli/cache')
    expect(readdirSync(cache)).toEqual([expect.stringMatching(/^[0-9a-f]{40}\.json$/)])
    expect(JSON.parse(readFileSync(join(cache, readdirSync(cache)[0]!), 'utf8')).Credentials.AccessKeyId).toStartWith(
      'ASIA',
    )
  }, 120_000)
})

async function addressIn(stream: ReadableStream<Uint8Array>): Promise<string> {
  let printed = ''
  for await (const piece of stream) {
    printed += new TextDecoder().decode(piece)
    const found = /http:\/\/[\w.:[\]]+/.exec(printed)
    if (found) return found[0]
  }
  throw new Error(`virga local metadata printed no address: ${printed}`)
}
