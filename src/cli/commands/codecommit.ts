// What git asks a credential helper for, and what it is told: https://git-scm.com/docs/git-credential

import { text } from '../../lib/bytes.ts'
import { Failure } from '../../lib/errors.ts'
import { gitLogin } from '../../client/tokens.ts'
import { command } from './command.ts'
import type { Command } from './command.ts'

export const credentialHelperGet = command({
  name: 'codecommit credential-helper get',
  help: 'Answers git, which asks for protocol, host and path on standard input, with a user name and a password.',
  arguments: {
    'ignore-host-check': {
      flag: true,
      default: false,
      help: 'Generate credentials regardless of whether the domain is an Amazon domain.',
    },
  },
  run: async (given, { outside, globals, settings, write }) => {
    const { protocol, host, path } = asked(text(await outside.stdin.read()))
    if (!host.includes('amazon.com') && !host.includes('amazonaws.com') && given['ignore-host-check'] !== true) return 0
    const known = await settings()
    const [, , , region] = /^(vpce-.+\.)?git-codecommit(-fips)?\.([^.]+)\.(vpce\.)?amazonaws\.com/.exec(host) ?? []
    const url = new URL(`${protocol}://${host}/${path}`)
    const place = region ?? globals.region ?? known.region ?? 'None'
    const { username, password } = await gitLogin(known, place, { host: host.split(':')[0]!, path: url.pathname })
    write(`username=${username}\npassword=${password}\n`)
    return 0
  },
})

function asked(lines: string): { protocol: string; host: string; path: string } {
  const said: Record<string, string> = {}
  for (const line of lines
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '')) {
    const at = line.indexOf('=')
    if (at < 0) throw new Failure('InvalidValue', 'not enough values to unpack (expected 2, got 1)')
    said[line.slice(0, at)] = line.slice(at + 1)
  }
  for (const key of ['host', 'protocol', 'path']) {
    if (said[key] === undefined) throw new Failure('InvalidValue', `'${key}'`)
  }
  return said as { protocol: string; host: string; path: string }
}

/** Nothing is kept: every answer is made afresh. */
const nothing = (word: string): Command =>
  command({
    name: `codecommit credential-helper ${word}`,
    help: 'Does nothing: credentials are calculated each time.',
    arguments: {},
    run: async () => 0,
  })

export const credentialHelperStore = nothing('store')
export const credentialHelperErase = nothing('erase')
