// Which API models does the program use? Those inside it, or newer ones that were fetched.

import embedded from '../../build/about.json' with { type: 'json' }
import { updatedModels } from '../model/updated.ts'

/** The models inside the program. */
export const embeddedModels: { readonly from: string; readonly date: string } = embedded

/** Models that `virga models update` fetched, where they are newer than those inside the program. */
export function newerModels(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): ReturnType<typeof updatedModels> {
  const updated = updatedModels(env, home)
  return updated !== undefined && updated.date > embeddedModels.date ? updated : undefined
}
