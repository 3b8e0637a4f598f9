// Where are sessions kept between commands? In ~/.aws/cli/cache, in the files AWS CLI keeps there, so that each
// program uses what the other fetched:
//   {"Credentials": {"AccessKeyId": …, "Expiration": "2026-01-02T04:04:05+00:00", "AccountId": …}, "AssumedRoleUser": …}

import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Credentials } from '../../lib/credentials.ts'
import { hashHex } from '../../lib/hash.ts'
import { stringifyPython } from '../../lib/json.ts'
import { readText, replaceFile, withLock } from '../../lib/shared-file.ts'
import { dateOf, parseTimestamp } from '../../lib/time.ts'
import { documentIn } from './document.ts'
import type { ChainContext } from './rung.ts'

/** A session that ends sooner than this counts as ended. */
const windowSeconds = 15 * 60

export interface StoredSession {
  Credentials: {
    AccessKeyId: string
    SecretAccessKey: string
    SessionToken: string
    Expiration: string
    AccountId?: string
  }
  [other: string]: unknown
}

/** The path of a cache file of ~/.aws: its name is the SHA-1 of what tells sessions apart. */
export function cachePath({ surroundings }: ChainContext, folder: string, identity: string): string {
  return join(surroundings.home, '.aws', ...folder.split('/'), `${hashHex('sha1', identity)}.json`)
}

/** Python's json.dumps(value, sort_keys=True), which AWS CLI hashes. */
export function sortedJson(value: Readonly<Record<string, unknown>>): string {
  return stringifyPython(
    Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .sort(),
    ),
  )
}

/**
 * The session from its file, or a new one, which is written there. Of many processes that find no session, one fetches
 * it and the others wait for that; not so where `alone`, because a person is asked, and takes longer than a lock lasts.
 */
export async function session(
  context: ChainContext,
  identity: string,
  source: string,
  fetch: () => Promise<StoredSession>,
  { alone = false } = {},
): Promise<Credentials> {
  const path = cachePath(context, 'cli/cache', identity)
  const find = (): Credentials | undefined => {
    const stored = credentialsIn(readJsonFile(path), source)
    const left = stored?.expiration ? (stored.expiration.getTime() - context.settings.clock().getTime()) / 1000 : -1
    return left >= windowSeconds ? stored : undefined
  }
  const make = async (): Promise<Credentials> => {
    const fresh = await fetch()
    writeJsonFile(path, fresh)
    return credentialsIn(fresh, source)!
  }
  const found = find()
  if (found) {
    context.settings.debug?.(`credentials: ${source}: a session from ${path}`)
    return found
  }
  return alone ? make() : withLock(path, async () => find() ?? (await make()))
}

/** Undefined for a file that is not there or holds something else. */
export function readJsonFile(path: string): Record<string, any> | undefined {
  const text = readText(path)
  return text === undefined ? undefined : documentIn(text)
}

/** Deletes the JSON files of a folder that are doomed; how many those were. Whatever is no JSON object stays. */
export async function sweepCache(
  folder: string,
  doomed: (content: Record<string, any>) => boolean | Promise<boolean>,
): Promise<number> {
  let count = 0
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const path = join(folder, name)
    const content = readJsonFile(path)
    if (!content || !(await doomed(content))) continue
    rmSync(path, { force: true })
    count++
  }
  return count
}

/** As Python writes it. A folder that cannot be written to costs the cache, not the call. */
export function writeJsonFile(path: string, value: unknown): void {
  try {
    replaceFile(path, stringifyPython(value))
  } catch {
    // The next command fetches anew.
  }
}

function credentialsIn(stored: Record<string, any> | undefined, source: string): Credentials | undefined {
  const found = stored?.['Credentials']
  if (typeof found?.AccessKeyId !== 'string' || typeof found.Expiration !== 'string') return undefined
  return {
    accessKeyId: found.AccessKeyId,
    secretAccessKey: found.SecretAccessKey,
    sessionToken: found.SessionToken,
    expiration: dateOf(parseTimestamp(found.Expiration)),
    accountId: found.AccountId,
    source,
  }
}
