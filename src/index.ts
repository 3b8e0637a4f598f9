// The library's door: what a program may use. Everything here runs on Node as well as on Bun.

import { theAws } from './library/core.ts'
import type { Aws } from './library/types.ts'

/** A client of every service: `aws.s3({ region })`. */
export const aws: Aws = theAws

export { responseOf } from './library/response.ts'
export { fromAwsSdk, fromChain, fromProfile, javaChain, toAwsSdk } from './library/credentials.ts'
export { AwsError, Failure } from './lib/errors.ts'
export type { AwsSdkIdentity, ChainOptions } from './library/credentials.ts'
export type { FailureKind } from './lib/errors.ts'
export type * from './library/types.ts'
