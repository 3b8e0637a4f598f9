// `npm run bench`: ratios against named peers, measured in one run. Nothing here is a test: it prints.
//
//   npm run bench            every race
//   npm run bench -- start   those whose name begins so

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { officialCli, program, scratch } from '../tests/witnesses/witnesses.ts'
import { serve } from '../tests/witnesses/local-server.ts'
import { commandLineRaces } from './bench/command-line.ts'
import { localRaces } from './bench/local.ts'
import { libraryRaces } from './bench/library.ts'
import { race, report, type Contestant, type Target } from './bench/measure.ts'
import { partRaces } from './bench/parts.ts'
import { s3Races } from './bench/s3.ts'

const virga = process.env.VIRGA_PROGRAM ?? join(import.meta.dir, '..', 'dist', 'virga')
const rounds = Number(process.env.VIRGA_BENCH_ROUNDS ?? 15)
const wanted = process.argv[2] ?? ''

const official = await officialCli()
if ('missing' in official) console.log(`The official CLI is missing: ${official.missing}`)
const curl = program('curl')
if ('missing' in curl) console.log(`curl is missing: ${curl.missing}`)

const home = scratch('bench')
const quiet = {
  HOME: home,
  VIRGA_HOME: join(home, '.virga'),
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
  AWS_REGION: 'us-east-1',
}
mkdirSync(home, { recursive: true })

let missed = 0
const races: Record<string, () => Promise<void>> = {
  'start: --version': async () => {
    const field: Contestant[] = [{ name: 'virga', command: [virga, '--version'], env: quiet }]
    if ('found' in official) field.push({ name: 'aws', command: [official.found.aws, '--version'], env: quiet })
    missed += report('virga --version', race(field, rounds), [{ figure: 'wall', of: 'virga', to: 'aws', atMost: 0.01 }])
  },

  'start: sts get-caller-identity': async () => {
    const server = await serve(virga)
    const env = { ...quiet, ...server.env }
    const call = ['sts', 'get-caller-identity']
    const field: Contestant[] = [
      { name: 'virga', command: [virga, ...call], env },
      { name: 'virga --profile local', command: [virga, '--profile', 'local', ...call], env: quiet },
    ]
    if ('found' in official) field.push({ name: 'aws', command: [official.found.aws, ...call], env })
    if ('found' in curl) {
      const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret, AWS_ENDPOINT_URL: url } = server.env
      field.push({
        name: 'curl --aws-sigv4',
        command: [
          curl.found,
          '-sS',
          '--fail',
          '--aws-sigv4',
          'aws:amz:us-east-1:sts',
          '--user',
          `${key}:${secret}`,
          '-d',
          'Action=GetCallerIdentity&Version=2011-06-15',
          url,
        ],
        env: quiet,
      })
    }
    const against = (of: string): Target[] => [
      { figure: 'wall', of, to: 'aws', atMost: 0.015 },
      { figure: 'cpu', of, to: 'aws', atMost: 0.015 },
      { figure: 'memory', of, to: 'aws', atMost: 0.6 },
      { figure: 'wall', of, to: 'curl --aws-sigv4', atMost: 1.5 },
    ]
    try {
      const figures = race(field, rounds)
      missed += report('sts get-caller-identity against virga local start', figures, [
        ...against('virga'),
        ...against('virga --profile local'),
      ])
    } finally {
      await server.stop()
    }
  },
}

const field = { virga, official, env: quiet, rounds, folder: home }
const more = {
  ...commandLineRaces(field),
  ...s3Races(field),
  ...localRaces(field),
  ...libraryRaces(field),
  ...partRaces(),
}
for (const [name, run] of Object.entries(more)) races[name] = async () => void (missed += await run())

for (const [name, run] of Object.entries(races)) if (name.startsWith(wanted)) await run()
rmSync(home, { recursive: true, force: true })
console.log(`\n${missed} targets missed`)
