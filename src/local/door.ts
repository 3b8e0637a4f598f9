// How is the local AWS reached? In this process, by signed requests to the scheme `virga-local`; and by
// `virga local …`, which starts and tends a server for everybody else.

import { join } from '../lib/path.ts'
import { readBody, type HttpRequest, type HttpResponse, type SendOptions } from '../http/message.ts'
import type { Models } from '../model/model.ts'
import { ownSeed, type Seed } from './accounts/seed.ts'
import type { Form, Outside, Place } from './commands/command.ts'
import type { World, WorldOptions } from './world.ts'

export interface Door {
  send(request: HttpRequest, options?: SendOptions): Promise<HttpResponse>
  profile(): Promise<Readonly<Record<string, string>>>
  command(args: readonly string[], outside: Outside): Promise<number>
  commands(): Promise<Readonly<Record<string, Form>>>
}

/** Opens nothing yet: the keys are read for the profile, the store for the first request. */
export function openDoor(env: Readonly<Record<string, string | undefined>>, home: string, models: Models): Door {
  const place = placeOf(env, home)
  let world: Promise<World> | undefined
  return {
    async send(request, options) {
      const [{ serve }, { flushTrail }, { settled }] = await Promise.all([
        import('./serve.ts'),
        import('./trail/keep.ts'),
        import('./launched.ts'),
      ])
      const opened = await (world ??= openWorld(place, models, { trouble }))
      const response = await serve(request, opened)
      await settled(opened)
      await flushTrail(opened)
      return options?.stream ? response : { ...response, body: await readBody(response.body) }
    },
    profile: async () => profileOf(ownSeed(place.seedFile)),
    async command(args, outside) {
      const { runCommand } = await import('./commands/run.ts')
      return runCommand(args, place, outside)
    },
    commands: async () => (await import('./commands/table.ts')).commands,
  }
}

/** `$VIRGA_HOME/local`, else `~/.virga/local`. */
export function placeOf(env: Readonly<Record<string, string | undefined>>, home: string): Place {
  const folder = join(env['VIRGA_HOME'] || join(home, '.virga'), 'local')
  const store = env['VIRGA_STORE'] || undefined
  return { folder, seedFile: join(folder, 'seed.json'), serverFile: join(folder, 'server.json'), store, env, home }
}

/** Nobody but the caller is here to be told. */
function trouble(error: unknown): never {
  throw error
}

/** Throws Failure('Local') for a store that cannot be used, Failure('Configuration') for a bad seed. */
export async function openWorld(
  place: Place,
  models: Models,
  options: { seed?: Seed } & Pick<WorldOptions, 'trouble' | 'lent' | 'watch'> = {},
): Promise<World> {
  const [{ openStore }, { makeWorld }] = await Promise.all([import('./store/open.ts'), import('./world.ts')])
  return makeWorld(await openStore(place), models, options.seed ?? ownSeed(place.seedFile), options)
}

/** The section that the profile `local` would have in the files: the administrator's keys, or root's. */
export function profileOf(seed: Seed): Record<string, string> {
  const { user, root } = {
    user: seed.accounts[0]!.users?.find((each) => each.accessKeyId),
    root: seed.accounts[0]!.root,
  }
  return {
    aws_access_key_id: user?.accessKeyId ?? root?.accessKeyId ?? '',
    aws_secret_access_key: user?.secretAccessKey ?? root?.secretAccessKey ?? '',
    region: seed.region ?? 'us-east-1',
    endpoint_url: 'virga-local:',
  }
}
