// `configure` in its forms, fed and asked, against what AWS CLI 2.36.12 printed and wrote when the cases were recorded.
// `{HOME}` stands for the home folder, `{USAGE}` for the usage text.

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'bun:test'
import recorded from './configure.cases.json'
import { builtModels, ran } from '../../outside.fixture.ts'
import { USAGE } from '../../usage.ts'

type Files = Readonly<Record<string, string>>

interface Case {
  readonly argv: readonly string[]
  /** Texts by path, or the name of a set of them. */
  readonly files?: Files | string
  readonly chmod?: Files
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly exit: number
  readonly stdout?: string
  readonly stderr?: string
  /** Files that are new or other than before. */
  readonly writes?: Files
  /** Their modes, where they are not 600. */
  readonly modes?: Files
}

/** Where this program is meant to do otherwise: what it does, and why. */
const everyKind = 'every kind of section'
const differing: Readonly<Record<string, { why: string; instead: Partial<Case> }>> = {
  [`configure get profile.dev ${everyKind}`]: {
    why: 'the reference says "list index out of range"',
    instead: { stderr: line('profile.dev names a profile, but no key of it') },
  },
  [`configure set profile.dev x ${everyKind}`]: {
    why: 'the reference says "list index out of range"',
    instead: { stderr: line('profile.dev names a profile, but no key of it') },
  },
  'configure set region.x 1 comments and blocks': {
    why: 'the reference dies of an unbound variable',
    instead: { stderr: line('region is one value, so that region.x cannot be set') },
  },
  'configure set s3.b 2 {".aws/config":"[default]\\ns3 = x\\n"}': {
    why: 'the reference dies of an unbound variable',
    instead: { stderr: line('s3 is one value, so that s3.b cannot be set') },
  },
  'configure set s3.b 2 {".aws/config":"[default]\\ns3 =\\n"}': {
    why: 'the reference dies of an unbound variable',
    instead: { exit: 0, stderr: '', writes: { '.aws/config': '[default]\ns3 =\n    b = 2\n' } },
  },
  'configure set s3 2 {".aws/config":"[default]\\ns3 =\\n    a = 1\\nregion = x\\n"}': {
    why: 'the reference leaves the block behind as a second line of the value',
    instead: {
      exit: 255,
      stderr: line('s3 holds values of its own (s3.a) and cannot be one value'),
      writes: {},
    },
  },
  'configure set region 2 {".aws/config":"[default]\\r\\nregion = x\\r\\noutput = y\\r\\n"}': {
    why: 'lines that are not written to keep their ends',
    instead: { writes: { '.aws/config': '[default]\r\nregion = 2\noutput = y\r\n' } },
  },
  'configure add-model --service-model {}': {
    why: 'the reference says "maximum recursion depth exceeded"',
    instead: { stderr: line('"endpointPrefix" not defined in the metadata of the model') },
  },
  'configure add-model --service-model not json': {
    why: 'it says what is not JSON',
    instead: { stderr: line('The service model is not JSON: Expecting value: char 0') },
  },
  [`configure export-credentials {".aws/config":"[default]\\ncredential_process = echo '{\\"Version\\":1,\\"AccessKeyId\\":\\"AKIAPROC\\",\\"SecretAccessKey\\":\\"s3cr\\",\\"SessionToken\\":\\"t\\",\\"Expiration\\":\\"2999-01-01T00:00:00+01:00\\",\\"AccountId\\":\\"123456789012\\"}'\\n"}`]:
    {
      why: 'the same moment, in UTC',
      instead: {
        stdout:
          '{\n  "Version": 1,\n  "AccessKeyId": "AKIAPROC",\n  "SecretAccessKey": "s3cr",\n  "SessionToken": "t",\n' +
          '  "Expiration": "2998-12-31T23:00:00+00:00"\n}\n',
      },
    },
}

function line(text: string): string {
  return `\naws: [ERROR]: ${text}\n`
}

const cases = recorded as unknown as { files: Record<string, Files>; cases: Case[] }
const models = builtModels()
const homes = mkdtempSync(join(tmpdir(), 'virga-configure-'))
const workingFolder = process.cwd()
afterAll(() => rmSync(homes, { recursive: true }))

if (models === undefined) console.log('skipped: there is no build/models.bin')

describe.skipIf(models === undefined)('configure', () => {
  test.each(cases.cases.map((one) => [titleOf(one), one] as const))('%s', async (title, one) => {
    const expected = { ...one, ...differing[title]?.instead }
    const got = await outcomeOf(one)
    expect(got).toEqual({
      exit: expected.exit,
      stdout: expected.stdout ?? '',
      stderr: expected.stderr ?? '',
      writes: expected.writes ?? {},
      modes: expected.modes ?? {},
    })
  })

  test('what differs is among the cases', () => {
    const titles = cases.cases.map(titleOf)
    expect(Object.keys(differing).filter((title) => !titles.includes(title))).toEqual([])
  })
})

function titleOf({ argv, env, stdin, files }: Case): string {
  const before = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`)
  const among = typeof files === 'object' ? JSON.stringify(files) : (files ?? '')
  return [...before, ...argv, ...(stdin === undefined ? [] : ['<', JSON.stringify(stdin)]), among].join(' ').trim()
}

async function outcomeOf({ argv, files = {}, chmod = {}, env = {}, stdin }: Case): Promise<Omit<Case, 'argv'>> {
  const home = mkdtempSync(join(homes, 'home-'))
  const before = typeof files === 'string' ? cases.files[files]! : files
  for (const [path, text] of Object.entries(before)) {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), text, { mode: 0o600 })
    chmodSync(join(home, path), Number.parseInt(chmod[path] ?? '600', 8))
  }
  const inHome = (text: string): string => text.replaceAll('{HOME}', home)
  process.chdir(home)
  try {
    const { exit, stdout, stderr } = await ran({
      argv: argv.map(inHome),
      env: {
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
        AWS_REGION: undefined,
        PATH: process.env.PATH,
        ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, inHome(value)])),
      },
      home,
      stdin,
      now: new Date().toISOString(),
      models: await models,
    })
    const plain = (text: string): string => text.replaceAll(`\n\n${USAGE}`, '{USAGE}').replaceAll(home, '{HOME}')
    const changed = everyFile(home).filter((path) => readFileSync(join(home, path), 'utf8') !== before[path])
    return {
      exit,
      stdout: plain(stdout),
      stderr: plain(stderr),
      writes: Object.fromEntries(changed.map((path) => [path, readFileSync(join(home, path), 'utf8')])),
      modes: Object.fromEntries(
        changed.map((path) => [path, modeOf(join(home, path))]).filter(([, mode]) => mode !== '600'),
      ),
    }
  } finally {
    process.chdir(workingFolder)
  }
}

function everyFile(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}
