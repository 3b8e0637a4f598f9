// The account as it was: `snapshot` keeps it under a name, `restore` brings it back, `snapshots` lists and deletes. Each is
// one transaction of the store, so a server may run meanwhile, and a kill leaves the old state or the new.

import { Failure } from '../../lib/errors.ts'
import type { SnapshotNote } from '../store/store.ts'
import { isSettled, settle, type World } from '../world.ts'
import type { Command } from './command.ts'
import { inServedWorld } from './served.ts'

export const snapshot: Command = async ({ words }, place, outside) => {
  const named = nameIn(words, 'snapshot')
  return inServedWorld(place, outside, async ({ store }) => {
    if (!(await store.snapshots.take(named)))
      throw new Failure(
        'Local',
        `there is a snapshot ${named} already; to take it anew: virga local snapshots delete ${named}`,
      )
    outside.stdout.write(`${named} is kept; to go back to it: virga local restore ${named}\n`)
    return 0
  })
}

export const snapshots: Command = async ({ words: [verb = 'list', ...rest] }, place, outside) => {
  if ((verb !== 'list' || rest.length > 0) && verb !== 'delete')
    throw new Failure('ParamValidation', 'snapshots takes: list, or delete NAME')
  const named = verb === 'delete' ? nameIn(rest, 'snapshots delete') : ''
  return inServedWorld(place, outside, async (world) => {
    if (verb === 'delete') {
      if (!(await world.store.snapshots.forget(named))) throw await noneCalled(named, world)
      outside.stdout.write(`${named} is deleted\n`)
    } else for (const each of await visible(world)) outside.stdout.write(line(each))
    return 0
  })
}

export const restore: Command = async ({ words }, place, outside) => {
  const named = nameIn(words, 'restore')
  return inServedWorld(place, outside, async (world) => {
    if (!(await world.store.snapshots.restore(named))) throw await noneCalled(named, world)
    if (!(await isSettled(world))) await settle(world)
    outside.stdout.write(`the account is as it was in ${named}\n`)
    return 0
  })
}

function nameIn([name, ...more]: readonly string[], command: string): string {
  if (name === undefined || more.length > 0)
    throw new Failure('ParamValidation', `${command} needs a name, and nothing else`)
  if (!/^\w[\w.-]{0,63}$/.test(name))
    throw new Failure(
      'ParamValidation',
      `a snapshot's name is 1 to 64 letters, digits, and . - _ (not first), not ${JSON.stringify(name)}`,
    )
  return name
}

/** Not those that an export or import works with. */
async function visible({ store }: World): Promise<SnapshotNote[]> {
  return (await store.snapshots.list()).filter(({ name }) => !name.startsWith('.'))
}

async function noneCalled(name: string, world: World): Promise<Failure> {
  const names = (await visible(world)).map((each) => each.name)
  return new Failure(
    'Local',
    `there is no snapshot ${name} (${names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`})`,
  )
}

function line({ name, made, rows, blobs, bytes }: SnapshotNote): string {
  const moment = new Date(made).toISOString().replace(/\.\d+Z/, 'Z')
  return `${name.padEnd(24)}  ${moment}  ${rows} rows, ${blobs} objects of ${bytes} bytes\n`
}

/** Runs `act` on a snapshot of its own, which goes afterwards; what a killed process left of such goes too, after a day. */
export async function withWorkingSnapshot<T>(
  { store }: World,
  purpose: 'export' | 'import',
  act: (name: string) => Promise<T>,
): Promise<T> {
  const name = `.${purpose}-${crypto.randomUUID()}`
  for (const old of await store.snapshots.list())
    if (old.name.startsWith('.') && Date.now() - old.made > 86_400_000) await store.snapshots.forget(old.name)
  try {
    return await act(name)
  } finally {
    await store.snapshots.forget(name)
  }
}
