// The library's one word: `aws.s3()` is a client of S3, and so for every service. `aws.with(settings)` is the same word
// for another account, region or profile.

import { clientOf, isNoOperation } from './client.ts'
import type { AnyClient } from './client.ts'
import { sessionOf } from './session.ts'
import type { Session } from './session.ts'
import { modelNameOf } from './models.ts'
import type { Aws, ClientSettings } from './types.ts'

export function awsOf(session: Session): Aws {
  const factories = new Map<string, unknown>()
  const made = (name: string): unknown => {
    if (name === 'with')
      return (given: ClientSettings) => awsOf(sessionOf({ ...session.given, ...given }, session.surroundings))
    return (own?: ClientSettings): AnyClient => clientOf(modelNameOf(name), session, own)
  }
  return new Proxy({} as Aws, {
    get(target, name) {
      if (isNoOperation(target, name)) return Reflect.get(target, name)
      if (!factories.has(name)) factories.set(name, made(name))
      return factories.get(name)
    },
  })
}
