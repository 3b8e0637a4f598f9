// What the commands for machines outside AWS share: what they may be called, and how their failures are told.

import { Failure } from '../../../lib/errors.ts'
import { EXIT } from '../../exit-codes.ts'
import { errorText } from '../../report.ts'
import type { Context } from '../command.ts'

export const CONFIG_FILE = 'codedeploy.onpremises.yml'

export function requireRegion(region: string | undefined): string {
  if (region) return region
  throw new Failure('Configuration', 'Region not specified.')
}

export function requireName(name: string): void {
  if (!/^[A-Za-z0-9+=,.@_-]+$/.test(name))
    throw new Failure('ParamValidation', 'Instance name contains invalid characters.')
  if (name.startsWith('i-')) throw new Failure('ParamValidation', "Instance name cannot start with 'i-'.")
  if (name.length > 100) throw new Failure('ParamValidation', 'Instance name cannot be longer than 100 characters.')
}

export function bucketPlace(text: string, argument: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/(.+?)\/(.+)/.exec(text) ?? []
  if (bucket !== undefined) return { bucket, key: key! }
  throw new Failure('ParamValidation', `--${argument} must specify the Amazon S3 URL format as s3://<bucket>/<key>.`)
}

/** Runs steps of which each is told; one that fails ends them, and is told with `advice`. */
export async function told(context: Context, advice: string, steps: () => Promise<void>): Promise<number> {
  try {
    await steps()
  } catch (error) {
    context.warn(`ERROR\n${errorText(error)}\n${advice}`)
    return EXIT.other
  }
  return EXIT.ok
}

export async function step<T>(
  context: Context,
  what: string,
  work: () => Promise<T>,
  after: (done: T) => string = () => '',
): Promise<T> {
  context.write(what)
  const done = await work()
  context.write(`DONE\n${after(done)}`)
  return done
}

export const GUIDE =
  'instructions in "Configure Existing On-Premises Instances by Using AWS CodeDeploy" in the AWS CodeDeploy User Guide.'
