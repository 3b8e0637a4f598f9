// Which accounts, users and keys does a world begin with? A small JSON file says it: the one this program makes on
// first use (random keys), or the user's own (`virga local start --seed FILE`).
//
//   {"region": "us-east-1",
//    "accounts": [{"id": "123456789012", "alias": "sandbox",
//      "root":  {"accessKeyId": "AKIA…", "secretAccessKey": "…"},
//      "users": [{"name": "admin", "path": "/", "accessKeyId": "AKIA…", "secretAccessKey": "…",
//                 "policies": ["arn:aws:iam::aws:policy/AdministratorAccess"],
//                 "inlinePolicies": {"name": {…document…}}}]}]}

import { dirname } from '../../lib/path.ts'
import { text } from '../../lib/bytes.ts'
import { Failure } from '../../lib/errors.ts'
import { fs, readFile } from '../../lib/files.ts'
import type { Rows } from '../store/store.ts'
import { awsManagedPolicy } from './aws-managed.ts'
import { Identities } from './identities.ts'
import { newId, newSecret } from './ids.ts'

export interface SeedKeys {
  accessKeyId: string
  secretAccessKey: string
}

export interface SeedUser extends Partial<SeedKeys> {
  name: string
  path?: string
  policies?: string[]
  inlinePolicies?: Record<string, object>
}

export interface SeedAccount {
  id: string
  alias?: string
  root?: SeedKeys
  users?: SeedUser[]
}

export interface Seed {
  region?: string
  accounts: SeedAccount[]
}

/** The seed in `file`; made there with random keys, readable by the owner alone, when there is none. */
export function ownSeed(file: string): Seed {
  return parseSeed(readIfThere(file) ?? make(file), file)
}

/** Throws Failure('Configuration') with one line that says what is wrong where. */
export function readSeed(file: string): Seed {
  const there = readIfThere(file)
  if (there === undefined) throw new Failure('Configuration', `seed file ${file} does not exist`)
  const seed = parseSeed(there, file)
  checkPolicies(seed, file)
  return seed
}

function readIfThere(file: string): string | undefined {
  try {
    return text(readFile(file))
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined
    throw new Failure('Configuration', `cannot read ${file}: ${(error as Error).message}`)
  }
}

/** The policy of every account's first user: it need not be looked up, which takes more than a MiB, to be known. */
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess'

/** Two processes may be the first at once: a link is made whole or not at all, and the second one finds it there. */
function make(file: string): string {
  const id = '123456789012'
  const keys = { accessKeyId: newId('AKIA', id), secretAccessKey: newSecret() }
  const users = [{ name: 'admin', ...keys, policies: [administrator] }]
  const seed: Seed = { region: 'us-east-1', accounts: [{ id, users }] }
  const partial = `${file}.${keys.accessKeyId}`
  const { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } = fs()
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(partial, JSON.stringify(seed, null, 2) + '\n', { mode: 0o600 })
    try {
      linkSync(partial, file)
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error
    }
    rmSync(partial)
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Failure(
      'Local',
      `the local AWS cannot make its keys: ${(error as Error).message}. VIRGA_HOME names another folder`,
    )
  }
}

export function parseSeed(json: string, file: string): Seed {
  const bad = (what: string): Failure => new Failure('Configuration', `seed file ${file}: ${what}`)
  let seed: Seed
  try {
    seed = JSON.parse(json) as Seed
  } catch (error) {
    throw bad(`not JSON (${(error as Error).message})`)
  }
  known(seed, ['region', 'accounts'], 'the seed')
  if (!Array.isArray(seed.accounts) || seed.accounts.length === 0)
    throw bad('"accounts" must be a list of at least one')
  for (const account of seed.accounts) {
    known(account, ['id', 'alias', 'root', 'users'], 'an account')
    if (typeof account.id !== 'string' || !/^\d{12}$/.test(account.id))
      throw bad(`account id ${JSON.stringify(account.id)} must be a text of 12 digits`)
    if (account.root) checkKeys(account.root, 'root')
    for (const user of account.users ?? []) {
      known(user, ['name', 'path', 'accessKeyId', 'secretAccessKey', 'policies', 'inlinePolicies'], 'a user')
      if (!/^[\w+=,.@-]{1,64}$/.test(user.name)) throw bad(`user name ${JSON.stringify(user.name)} is not allowed`)
      if (user.accessKeyId !== undefined || user.secretAccessKey !== undefined) checkKeys(user, `user ${user.name}`)
    }
  }
  return seed

  function known(value: unknown, members: readonly string[], what: string): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(`${what} must be an object`)
    for (const name of Object.keys(value))
      if (!members.includes(name)) throw bad(`${what} has an unknown member "${name}" (known: ${members.join(', ')})`)
  }

  function checkKeys(keys: Partial<SeedKeys>, what: string): void {
    if (!/^\w{16,128}$/.test(keys.accessKeyId ?? ''))
      throw bad(`${what}: accessKeyId must be 16 to 128 letters and digits`)
    if (!keys.secretAccessKey) throw bad(`${what}: secretAccessKey is missing`)
  }
}

/** Apart from the rest, because AWS's policies take longer to open than the keys are needed for. */
function checkPolicies({ accounts }: Seed, file: string): void {
  for (const { name, policies = [] } of accounts.flatMap(({ users = [] }) => users)) {
    const unknown = policies.find((arn) => arn !== administrator && !awsManagedPolicy(arn))
    if (unknown === undefined) continue
    const what = `user ${name}: ${unknown} is not a known managed policy of AWS`
    throw new Failure('Configuration', `seed file ${file}: ${what}`)
  }
}

/** Whether that seed, or any, has been put there; several homes that share a store have one each. */
export function isPlanted(rows: Rows, seed?: Seed): boolean {
  return rows.get('world', seed ? markOf(seed) : 'seeded') !== undefined
}

/** A seed is known by its first key. */
function markOf({ accounts }: Seed): string {
  const keys = accounts.flatMap(({ root, users = [] }) => [root?.accessKeyId, ...users.map((user) => user.accessKeyId)])
  return `seeded/${keys.find((key) => key !== undefined) ?? ''}`
}

/** Whether a row says so. */
export function isMark(table: string, key: string): boolean {
  return table === 'world' && key.startsWith('seeded')
}

/** Writes the seed's accounts into the namespace `iam`: what is there under the same name stays, keys are set. */
export function plant(rows: Rows, seed: Seed, now: number): void {
  checkPolicies(seed, 'of this account')
  for (const account of seed.accounts) {
    const identities = new Identities(rows, account.id)
    const settings = identities.settings()
    if (settings.created === 0) settings.created = now
    if (account.alias) settings.alias = account.alias
    if (account.root) {
      setKey(identities, '', account.root, now)
      settings.accessKeys = [...new Set([...settings.accessKeys, account.root.accessKeyId])]
    }
    identities.accounts.put(settings)
    for (const user of account.users ?? []) plantUser(identities, user, now)
  }
  rows.put('world', 'seeded', now)
  rows.put('world', markOf(seed), now)
}

function plantUser(identities: Identities, seed: SeedUser, now: number): void {
  const user = identities.users.get(seed.name) ?? {
    name: seed.name,
    path: seed.path ?? '/',
    id: newId('AIDA', identities.account),
    created: now,
    tags: [],
    groups: [],
    attached: [],
    inline: {},
    accessKeys: [],
    mfaDevices: [],
  }
  user.attached = [...new Set([...user.attached, ...(seed.policies ?? [])])]
  for (const [name, document] of Object.entries(seed.inlinePolicies ?? {})) user.inline[name] = JSON.stringify(document)
  if (seed.accessKeyId && seed.secretAccessKey) {
    setKey(identities, user.name, seed as SeedKeys, now)
    user.accessKeys = [...new Set([...user.accessKeys, seed.accessKeyId])]
  }
  identities.users.put(user)
}

function setKey(identities: Identities, user: string, keys: SeedKeys, now: number): void {
  const { accessKeyId: id, secretAccessKey: secret } = keys
  identities.keys.put({ id, account: identities.account, user, secret, status: 'Active', created: now })
}
