// `help` at every level: which page is asked for, and how does it reach the reader?

import { Failure } from '../../lib/errors.ts'
import type { Configuration } from '../../client/config/configuration.ts'
import { parseKnown } from '../argparse.ts'
import { placeAt } from '../complete/place.ts'
import { openOutput } from '../output/sink.ts'
import type { Session } from '../session.ts'
import { textOf } from '../show.ts'
import type { Block } from './blocks.ts'
import { pageText } from './layout.ts'
import { onlinePage } from './online.ts'
import { pageFor } from './pages.ts'
import { topicBlocks as blocksOfTopic, topicNames } from './topics.ts'

/** Shows what there is to say of the command at `path`; [] is the top, ['help', 'topics'] a topic. Returns the exit code. */
export async function help(path: readonly string[], session: Session): Promise<number> {
  const { outside, globals } = session
  const width = Math.max(40, outside.stdout.columns)
  const blocks = await blocksFor(path, width, session)
  const configuration = await configurationOf(session)
  const where = configuration?.text('cli_help_output')
  if (where === 'url' || where === 'browser') {
    const url = onlinePage(path, await holdsOthers(path, session))
    if (url !== undefined) return elsewhere(url, where, session)
  }
  const output = openOutput(
    { stdout: outside.stdout, env: pagerEnvironment(outside.env) },
    { color: globals.color, pager: globals.pager, configuredPager: textOf(configuration?.find('cli_pager')?.value) },
  )
  try {
    output.sink.write(pageText(blocks, { width, decorated: output.sink.color }))
  } finally {
    await output.close()
  }
  return 0
}

async function elsewhere(url: string, where: 'url' | 'browser', session: Session): Promise<number> {
  if (where === 'url') {
    session.write(url)
    return 0
  }
  const { openBrowser } = await import('../browser.ts')
  session.write('Opening help file in the default browser.\n')
  openBrowser(url, session.outside.env)
  return 0
}

async function holdsOthers(path: readonly string[], { outside }: Session): Promise<boolean> {
  const place = await placeAt(path, outside.models)
  return place !== undefined && (await place.children('')).length > 0
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
  const option = {
    name: 'subcommand',
    into: 'subcommand',
    positional: true,
    nargs: '?',
    choices: topicNames(),
  } as const
  const { values } = parseKnown([option], words)
  return blocksOfTopic(values.subcommand as string)
}

/** A pager for manuals comes before the one for everything. */
function pagerEnvironment(env: Session['outside']['env']): Session['outside']['env'] {
  return env.MANPAGER === undefined || env.AWS_PAGER !== undefined ? env : { ...env, AWS_PAGER: env.MANPAGER }
}

/** Help is shown whatever is wrong with the configuration. */
async function configurationOf({ outside, globals }: Session): Promise<Configuration | undefined> {
  const { readConfiguration } = await import('../../client/config/configuration.ts')
  return readConfiguration({ profile: globals.profile }, outside).catch(() => undefined)
}
