// The API models as the program opens them: those inside it, unless others are to be used. Everything that a command or a Tab needs
// for that comes along by plain imports, because each `import()` costs a start 30 microseconds.

import compiled from '../../build/models.bin' with { type: 'file' }
import docs from '../../build/docs.bin' with { type: 'file' }
import { modelDirectories, openModels } from '../model/load.ts'
import type { Models } from '../model/model.ts'
import { fileSource } from '../model/source.ts'
import type { Machine } from './door.ts'
import { newerModels } from './models-in-use.ts'

/** Throws Failure('Model'). */
export function programModels({ argv, env, home }: Machine): Promise<Models> {
  return openModels({
    source: fileSource(compiled),
    docs: fileSource(docs),
    actions: async () => fileSource((await import('../../build/actions.bin', { with: { type: 'file' } })).default),
    // Whoever tends the models needs none of theirs: they may be what is wrong.
    file: env['VIRGA_MODELS'] || (argv[0] === 'models' ? undefined : newerModels(env, home)?.file),
    extraDirectories: modelDirectories(env['AWS_DATA_PATH'], home),
  })
}
