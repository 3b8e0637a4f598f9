// The account as the running server has it, with the server's seed; without one, the folder's own. The store is shared,
// so what is done here is seen there at once; and a server that is asked whether it runs writes its trail first.

import { readSeed } from '../accounts/seed.ts'
import { openWorld } from '../place.ts'
import type { World } from '../world.ts'
import type { Outside, Place } from './command.ts'
import { running } from './server.ts'

export async function inServedWorld(
  place: Place,
  { models }: Outside,
  act: (world: World) => Promise<number>,
): Promise<number> {
  const note = await running(place)
  const world = await openWorld(place, models, { seed: note && readSeed(note.seedFile) })
  try {
    return await act(world)
  } finally {
    await world.store.close()
  }
}
