// `virga explain credentials`: every rung of the credential chain, what was looked for, what was found, why it won or was
// skipped, and what it hides.
//
//   > env                      used       AKIA…MPLE
//       AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment: found

import { explainRungs } from '../../../client/credentials/chain.ts'
import type { RungReport } from '../../../client/credentials/chain.ts'
import { instanceRole } from '../../../client/credentials/instance-metadata.ts'
import type { ChainContext } from '../../../client/credentials/rung.ts'
import { chainOf } from '../../chain.ts'
import { minuteOf, shortKey } from '../../lasting.ts'
import { lookedFor } from '../../rungs.ts'
import { command } from '../command.ts'

export const explainCredentials = command({
  name: 'explain credentials',
  help: 'Shows every rung of the credential chain: what was looked for and found, and why it is used or not.',
  arguments: {},
  run: async (_, context) => {
    const { context: links } = await chainOf(context)
    const reports = await withInstance(await explainRungs(links), links)
    const { globals } = context
    if (globals.output === undefined && globals.query === undefined) {
      context.write(inWords(reports, links))
    } else {
      const rungs = reports.map((report) => recordOf(report, links))
      await context.show('ExplainCredentials', { Profile: links.profile, NamedBy: namedBy(links), Rungs: rungs })
    }
    return reports.some(({ used }) => used) ? 0 : 253
  },
})

type Verdict = 'used' | 'failed' | 'hidden' | 'nothing'

function verdictOf({ used, failed, hidden }: RungReport): Verdict {
  return used ? 'used' : failed ? 'failed' : hidden ? 'hidden' : 'nothing'
}

/** An instance that was not asked, because a rung above came first, is asked for the name of its role: that is hidden. */
async function withInstance(reports: RungReport[], links: ChainContext): Promise<RungReport[]> {
  const last = reports.at(-1)
  if (last?.rung !== 'iam-role' || !last.hidden) return reports
  const role = await instanceRole(links)
  const { rung, found, used, why } = last
  const seen: RungReport = role ? { ...last, why: `${why}; there is the role ${role}` } : { rung, found, used, why }
  return [...reports.slice(0, -1), seen]
}

function recordOf(report: RungReport, links: ChainContext) {
  const { rung, why, credentials } = report
  return {
    Rung: rung,
    Verdict: verdictOf(report),
    LookedFor: lookedFor(rung, links),
    Why: why,
    ...(credentials === undefined ? {} : { AccessKeyId: credentials.accessKeyId }),
    ...(credentials?.expiration === undefined ? {} : { Expiration: credentials.expiration.toISOString() }),
  }
}

function namedBy({ configuration: { profileNamedBy } }: ChainContext): string {
  return profileNamedBy === undefined ? 'nobody' : profileNamedBy === 'option' ? '--profile' : profileNamedBy
}

function inWords(reports: readonly RungReport[], links: ChainContext): string {
  const marks: Record<Verdict, string> = { used: '>', failed: '!', hidden: '~', nothing: ' ' }
  const lines = reports.flatMap((report) => {
    const verdict = verdictOf(report)
    const { rung, why, credentials } = report
    const key = credentials === undefined ? '' : shortKey(credentials.accessKeyId)
    const until = credentials?.expiration ? `until ${minuteOf(credentials.expiration)}` : ''
    const head = [`${marks[verdict]} ${rung.padEnd(30)} ${verdict.padEnd(8)}`, key, until].filter((part) => part !== '')
    return [head.join(' ').trimEnd(), `    ${lookedFor(rung, links)}: ${why}`]
  })
  return `Profile ${links.profile}, named by ${namedBy(links)}. The first rung that has credentials is used.\n\n${lines.join('\n')}\n`
}
