// Which words name commands of our own? Apart from what runs them, since every command line and every Tab asks.

import { some } from '../lib/iterate.ts'

// Words that commands of our own begin with: the tables are loaded for these only, since to make them costs a call a
// tenth of what it takes. Held against the tables by own-names.test.ts.
const built =
  ' cloudformation cloudfront cloudtrail codeartifact codecommit completion configservice configure datapipeline ddb ' +
  'deploy describe dlm dsql ec2-instance-connect ecr ecr-public ecs eks emr emr-containers explain gamelift history ' +
  'keys lightsail login logout logs mcp mfa models presign rds s3 servicecatalog shim sign sso use whoami '
const notBuilt = ' agent-toolkit cli-dev configure dynamodb ecs events iam lambda update '

/** Whether a word, or several, begin one of our own commands that are built. */
export async function isOwn(words: string): Promise<boolean> {
  if (!beginsOneOf(built, words)) return false
  const { commands } = await import('./commands/table.ts')
  return some(Object.keys(commands), (path) => path === words || path.startsWith(`${words} `))
}

function beginsOneOf(beginnings: string, words: string): boolean {
  return beginnings.includes(` ${words.split(' ', 1)[0]} `)
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
  if (path !== '' && !beginsOneOf(built, path) && !beginsOneOf(notBuilt, path)) return []
  const [{ commands }, { unbuilt }] = await Promise.all([
    import('./commands/table.ts'),
    import('./commands/unbuilt.ts'),
  ])
  const prefix = path === '' ? '' : `${path} `
  const names = new Set<string>()
  for (const table of [commands, unbuilt])
    for (const name in table) if (name.startsWith(prefix)) names.add(name.slice(prefix.length).split(' ')[0]!)
  names.delete('')
  return [...names]
}
