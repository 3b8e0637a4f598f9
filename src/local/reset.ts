// How does a world begin anew?

import { forgetMeasured } from './measured.ts'
import { settle, type World } from './world.ts'

/** Forgets everything but the seed. */
export async function reset(world: World): Promise<void> {
  forgetMeasured(world)
  await world.store.reset()
  await settle(world)
}
