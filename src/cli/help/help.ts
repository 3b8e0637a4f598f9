// `help` at every level: which page is asked for, and how does it reach the reader?

import { Failure } from '../../lib/errors.ts'
import { parseKnown } from '../argparse.ts'
import { placeAt } from '../complete/place.ts'
import { openOutput } from '../output/sink.ts'
import type { Session } from '../session.ts'
import { textOf } from '../show.ts'
import type { Block } from './blocks.ts'
import { pageText } from './layout.ts'
import { pageFor } from './pages.ts'
import { topicBlocks as blocksOfTopic, topicNames } from './topics.ts'

/** Prints what there is to say of the command at `path`; [] is the top, ['help', 'topics'] a topic. Returns the exit code. */
export async function help(path: readonly string[], session: Session): Promise<number> {
  const { outside, globals } = session
  const width = Math.max(40, outside.stdout.columns)
  const blocks = await blocksFor(path, width, session)
  const output = openOutput(
    { stdout: outside.stdout, env: pagerEnvironment(outside.env) },
    { color: globals.color, pager: globals.pager, configuredPager: await configuredPager(session) },
  )
  try {
    output.sink.write(pageText(blocks, { width, decorated: output.sink.color }))
  } finally {
    await output.close()
  }
  return 0
}

async function blocksFor(path: readonly string[], width: number, session: Session): Promise<Block[]> {
  if (path[0] === 'help') return topicBlocks(path.slice(1))
  const { models } = session.outside
  const place = await placeAt(path, models)
  if (place === undefined) throw new Failure('ParamValidation', `there is no command '${path.join(' ')}'`)
  return pageFor(place, models, width)
}

/** Throws Failure('ParamValidation') for a topic that is none. */
async function topicBlocks(words: readonly string[]): Promise<Block[]> {
  const option = { name: 'subcommand', into: 'subcommand', positional: true, nargs: '?', choices: topicNames() } as const
  const { values } = parseKnown([option], words)
  return blocksOfTopic(values.subcommand as string)
}

/** A pager for manuals comes before the one for everything. */
function pagerEnvironment(env: Session['outside']['env']): Session['outside']['env'] {
  return env.MANPAGER === undefined || env.AWS_PAGER !== undefined ? env : { ...env, AWS_PAGER: env.MANPAGER }
}

/** Help is shown whatever is wrong with the configuration. */
async function configuredPager({ outside, settings }: Session): Promise<string | undefined> {
  if (!outside.stdout.terminal) return undefined
  const known = await settings().catch(() => undefined)
  return textOf(known?.key('cli_pager'))
}
