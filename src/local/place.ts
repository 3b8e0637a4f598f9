// Where is the account kept, who is its administrator, and how is it opened?

import { find } from '../lib/iterate.ts'
import { join } from '../lib/path.ts'
import type { Models } from '../model/model.ts'
import { ownSeed, type Seed } from './accounts/seed.ts'
import type { Place } from './commands/command.ts'
import type { World, WorldOptions } from './world.ts'

/** `$VIRGA_HOME/local`, else `~/.virga/local`. */
export function placeOf(env: Readonly<Record<string, string | undefined>>, home: string): Place {
  const folder = join(env['VIRGA_HOME'] || join(home, '.virga'), 'local')
  const store = env['VIRGA_STORE'] || undefined
  return { folder, seedFile: join(folder, 'seed.json'), serverFile: join(folder, 'server.json'), store, env, home }
}

/** Throws Failure('Local') for a store that cannot be used, Failure('Configuration') for a bad seed. */
export async function openWorld(
  place: Place,
  models: Models,
  options: { seed?: Seed } & Pick<WorldOptions, 'trouble' | 'lent' | 'watch'> = {},
): Promise<World> {
  const { openStore } = await import('./store/open.ts')
  const { makeWorld } = await import('./world.ts')
  const { services } = await import('./services/table.ts')
  return makeWorld(await openStore(place), models, options.seed ?? ownSeed(place.seedFile), { ...options, services })
}

/** The section that the profile `local` would have in the files: the administrator's keys, or root's. */
export function profileOf(seed: Seed): Record<string, string> {
  const { user, root } = {
    user: find(seed.accounts[0]!.users ?? [], (each) => each.accessKeyId !== undefined),
    root: seed.accounts[0]!.root,
  }
  return {
    aws_access_key_id: user?.accessKeyId ?? root?.accessKeyId ?? '',
    aws_secret_access_key: user?.secretAccessKey ?? root?.secretAccessKey ?? '',
    region: seed.region ?? 'us-east-1',
    endpoint_url: 'virga-local:',
  }
}
