// Makes docs/reference of the program's own tables: `npm run bun -- scripts/reference.ts`. tests/docs.test.ts holds them
// together; with --check it only looks.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openModels } from '../src/model/load.ts'
import { fileSource } from '../src/model/source.ts'
import { writeWhole } from './files.ts'
import { referencePages } from './reference/pages.ts'

const ROOT = join(import.meta.dirname, '..')
const FOLDER = join(ROOT, 'docs/reference')

const models = await openModels({
  source: fileSource(join(ROOT, 'build/models.bin')),
  docs: fileSource(join(ROOT, 'build/docs.bin')),
  actions: fileSource(join(ROOT, 'build/actions.bin')),
})
const check = process.argv.includes('--check')
for (const [name, text] of Object.entries(await referencePages(models))) {
  const path = join(FOLDER, name)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
  console.log(`${check ? 'not up to date' : 'written'}: docs/reference/${name}`)
  if (check) process.exitCode = 1
  else writeWhole(path, text)
}
