// Compiles botocore's API models to what the program reads at run time: `npm run models`.
//
//   npm run models                                  from the layer.zip of @aws-cdk/asset-awscli-v1 to build/models.bin
//   npm run models -- --from DIRECTORY --out FILE   from plain botocore data (SERVICE/VERSION/*.json) to FILE
//
// The documentation goes apart: build/docs.bin, or FILE.docs. Both are archives (src/model/archive.ts). Where the models
// come from and of what day they are stands in build/about.json, for `--version`. The same input always gives the same
// bytes.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compileModels } from '../src/model/compile.ts'
import { writeWhole } from './files.ts'
import { modelsIn, modelsInstalled } from './model-set.ts'

const ROOT = join(import.meta.dirname, '..')

function main(): void {
  const { values } = parseArgs({ options: { from: { type: 'string' }, out: { type: 'string' } } })
  const models = values.out ?? join(ROOT, 'build/models.bin')
  const docs = values.out === undefined ? join(ROOT, 'build/docs.bin') : `${values.out}.docs`
  const started = Date.now()
  const set = values.from === undefined ? modelsInstalled() : modelsIn(values.from)
  const compiled = compileModels(set, (json) => Bun.deflateSync(json as Uint8Array<ArrayBuffer>, { level: 9 }))
  writeWhole(models, compiled.models)
  writeWhole(docs, compiled.docs)
  if (values.out === undefined) writeWhole(join(ROOT, 'build/about.json'), `${JSON.stringify(set.about, null, 2)}\n`)
  const megabytes = (bytes: Uint8Array): string => `${(bytes.length / 1e6).toFixed(1)} MB`
  console.log(
    `models: ${set.services.length} services, ${compiled.operations} operations: ` +
      `${models} ${megabytes(compiled.models)}, ${docs} ${megabytes(compiled.docs)} ` +
      `(${((Date.now() - started) / 1000).toFixed(1)} s)`,
  )
}

try {
  main()
} catch (error) {
  console.error(`models: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
