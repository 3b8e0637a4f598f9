// What the modules of the services are made with: `virga/s3` is this and its model. Programs do not import it.

import { AwsError, Failure } from '../lib/errors.ts'
import { clientOf } from './client.ts'
import { findModules, register } from './models.ts'
import type { Blocks } from './models.ts'
import { awsOf } from './aws.ts'
import { sessionOf } from './session.ts'
import type { Aws, ClientSettings, Factory } from './types.ts'

// Whoever makes code small renames classes: errors are printed by these names.
Object.defineProperty(AwsError, 'name', { value: 'AwsError' })
Object.defineProperty(Failure, 'name', { value: 'Failure' })

const session = sessionOf({})

export const theAws: Aws = awsOf(session)

/** Hands in the model of a service; its clients are of the session that all of a program share. */
export function service<C>(name: string, blocks: Blocks): Factory<C> {
  register(blocks)
  return (own?: ClientSettings) => clientOf(name, session, own) as C
}

export { findModules, register }
