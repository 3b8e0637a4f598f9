// How is the local AWS reached? In this process, by signed requests to the scheme `virga-local`; and by
// `virga local …`, which starts and tends a server for everybody else.

import { readBody, type HttpRequest, type HttpResponse, type SendOptions } from '../http/message.ts'
import type { Models } from '../model/model.ts'
import { ownSeed } from './accounts/seed.ts'
import type { Form, Outside } from './commands/command.ts'
import { openWorld, placeOf, profileOf } from './place.ts'
import type { World } from './world.ts'

export interface Door {
  send(request: HttpRequest, options?: SendOptions): Promise<HttpResponse>
  profile(): Promise<Readonly<Record<string, string>>>
  command(args: readonly string[], outside: Outside): Promise<number>
  commands(): Promise<Readonly<Record<string, Form>>>
}

/** How long nobody else need be heard, in milliseconds. */
const TURN = 50

/** Opens nothing yet: the keys are read for the profile, the store for the first request. */
export function openDoor(env: Readonly<Record<string, string | undefined>>, home: string, models: Models): Door {
  const place = placeOf(env, home)
  let world: Promise<World> | undefined
  let heard = performance.now()
  // No answer here waits for a socket: a long transfer would never let Ctrl-C and timers have their turn.
  const othersTurn = async (): Promise<void> => {
    if (performance.now() - heard < TURN) return
    await new Promise((resolve) => setImmediate(resolve))
    heard = performance.now()
  }
  return {
    async send(request, options) {
      const { serve } = await import('./serve.ts')
      const { flushTrail } = await import('./trail/keep.ts')
      const { settled } = await import('./launched.ts')
      const opened = await (world ??= openWorld(place, models, { trouble }))
      const response = await serve(request, opened)
      await settled(opened)
      await flushTrail(opened)
      await othersTurn()
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

/** Nobody but the caller is here to be told. */
function trouble(error: unknown): never {
  throw error
}
