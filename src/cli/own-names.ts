// Which words name commands of our own? Apart from what runs them, since every command line and every Tab asks.

import { commands } from './commands/table.ts'

/** Whether a word begins one of our own commands that are built. */
export function isOwn(word: string): boolean {
  return Object.keys(commands).some((path) => path === word || path.startsWith(`${word} `))
}

/** Commands of the reference that stand in the place of an operation of the same name. */
const replacing = [
  'agent-toolkit get-skill-file',
  'emr add-instance-groups',
  'emr describe-cluster',
  'logs start-live-tail',
  'sso logout',
]

export function replacesOperation(path: string): boolean {
  return replacing.includes(path)
}

/** The words that may follow `path` (''for the first) among our own commands. */
export async function ownNames(path: string): Promise<string[]> {
  const { unbuilt } = await import('./commands/unbuilt.ts')
  const prefix = path === '' ? '' : `${path} `
  const names = new Set<string>()
  for (const table of [commands, unbuilt])
    for (const name in table) if (name.startsWith(prefix)) names.add(name.slice(prefix.length).split(' ')[0]!)
  names.delete('')
  return [...names]
}
