// What is there to read beside the commands themselves? `virga help topics`.

import { bullets, code, paragraph, section } from './blocks.ts'
import type { Block } from './blocks.ts'
import { blocksFrom } from './html.ts'
import type { Topic } from './topics/topic.ts'

interface Entry {
  readonly group: 'General' | 'S3' | 'ddb'
  readonly about: string
  readonly read: () => Promise<Topic>
}

const topics: Readonly<Record<string, Entry>> = {
  'config-vars': {
    group: 'General',
    about: 'settings: files, variables, and which comes first',
    read: async () => (await import('./topics/config-vars.ts')).configVars(),
  },
  'return-codes': {
    group: 'General',
    about: 'what the exit code says',
    read: async () => (await import('./topics/return-codes.ts')).returnCodes,
  },
  's3-case-insensitivity': {
    group: 'S3',
    about: 'downloads to a file system that does not tell A from a',
    read: async () => (await import('./topics/s3.ts')).caseInsensitivity,
  },
  's3-config': {
    group: 'S3',
    about: 'settings of the s3 commands',
    read: async () => (await import('./topics/s3.ts')).s3Config,
  },
  's3-faq': {
    group: 'S3',
    about: 'questions about checksums',
    read: async () => (await import('./topics/s3.ts')).s3Faq,
  },
  'ddb-expressions': {
    group: 'ddb',
    about: 'how attributes and values are written in the ddb commands',
    read: async () => (await import('./topics/ddb-expressions.ts')).ddbExpressions,
  },
}

/** The words that may follow `help`. */
export function topicNames(): string[] {
  return ['topics', ...Object.keys(topics)]
}

/** `topics` is the list of them. */
export async function topicBlocks(name: string): Promise<Block[]> {
  const entry = topics[name]
  if (entry === undefined) return listOfTopics()
  const { title, sections } = await entry.read()
  return [
    section('NAME', [paragraph(`${name} - ${title}`)]),
    ...Object.entries(sections).map(([heading, html]) => section(heading.toUpperCase(), blocksFrom(html))),
  ]
}

function listOfTopics(): Block[] {
  const lists = (['General', 'S3', 'ddb'] as const).flatMap((group): Block[] => {
    const entries = Object.entries(topics).filter(([, entry]) => entry.group === group)
    return [paragraph(`${group}:`), bullets(entries.map(([name, { about }]) => [paragraph(code(name), `: ${about}`)]))]
  })
  return [
    section('NAME', [paragraph('topics - what there is to read')]),
    section('DESCRIPTION', [paragraph('A topic is shown by ', code('virga help TOPIC'), '.')]),
    section('AVAILABLE TOPICS', lists),
  ]
}
