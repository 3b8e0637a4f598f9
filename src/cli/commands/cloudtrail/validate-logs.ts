// Were the logs of a trail changed or deleted since they were delivered?

import { AwsError, Failure } from '../../../lib/errors.ts'
import { sha256Hex } from '../../../lib/hash.ts'
import type { Structure } from '../../../lib/value.ts'
import { callWith, needed, settingsFor } from '../../clients.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { Buckets, Chain, shown } from './digests.ts'
import type { Log, Trail } from './digests.ts'
import { dateOf } from './signature.ts'
import { Tally } from './tally.ts'

export const validateLogs = command({
  name: 'cloudtrail validate-logs',
  help:
    'Validates CloudTrail logs for a given period of time: detects modification or deletion of log files and of digest ' +
    'files, with the digest files delivered to your S3 bucket.',
  arguments: {
    'trail-arn': { required: true, help: 'Specifies the ARN of the trail to be validated' },
    'start-time': {
      required: true,
      help: 'Validate log files delivered on or after this UTC time: 2015-01-08T05:21:42Z.',
    },
    'end-time': { help: 'Validate log files delivered on or before this UTC time. Default: now.' },
    's3-bucket': { help: "The S3 bucket where the digest files are stored. Default: the trail's." },
    's3-prefix': { help: "The S3 prefix where the digest files are stored. Default: the trail's." },
    'account-id': { help: 'The account for validating logs; needed for organization trails.' },
    verbose: { flag: true, help: 'Display verbose log validation information' },
  },
  run: async (given, context) => {
    const from = await dateOf(given['start-time'] as string)
    const to = given['end-time'] ? await dateOf(given['end-time'] as string) : context.outside.clock()
    if (from > to) {
      throw new Failure('InvalidValue', 'Invalid time range specified: start-time must occur before end-time')
    }
    const settings = await context.settings()
    const trail = await trailOf(given, context)
    const buckets = new Buckets(settings)
    const tally = new Tally(from, to, given.verbose === true, context)
    const chain = new Chain(trail, buckets, context, tally)
    context.write(
      `Validating log files for trail ${given['trail-arn'] as string} between ${shown(from)} and ${shown(to)}\n\n`,
    )
    for (const backfill of [false, true]) {
      for await (const digest of chain.digests(from, to, backfill)) {
        await tally.digest(digest, backfill)
        for (const log of digest.logFiles ?? []) await checkLog(log, buckets, tally)
      }
    }
    tally.summary()
    return tally.failed ? 1 : 0
  },
})

async function trailOf(given: GivenWords, context: Context): Promise<Trail> {
  const arn = given['trail-arn'] as string
  if (!/^arn:.+:cloudtrail:.+:\d{12}:trail\/.+/.test(arn))
    throw new Failure('InvalidValue', `Invalid trail ARN provided: ${arn}`)
  const account = given['account-id'] as string | undefined
  const known = given['s3-bucket'] === undefined ? await described(arn, account, context) : undefined
  const [, , , homeRegion = '', ownAccount = ''] = arn.split(':')
  return {
    name: arn.split('/').at(-1)!,
    homeRegion,
    sourceRegion: context.globals.region ?? homeRegion,
    account: account || ownAccount,
    bucket: known?.bucket ?? (given['s3-bucket'] as string),
    prefix: known === undefined ? (given['s3-prefix'] as string | undefined) : known.prefix,
    ...(known?.organization === undefined ? {} : { organization: known.organization }),
  }
}

async function described(
  arn: string,
  account: string | undefined,
  context: Context,
): Promise<{ bucket: string; prefix: string | undefined; organization?: string }> {
  const trails = await context.call('cloudtrail', 'DescribeTrails', {})
  const trail = needed<Structure[]>(trails, 'trailList').find(({ TrailARN }) => TrailARN === arn)
  if (trail === undefined) throw new Failure('InvalidValue', `A trail could not be found for ${arn}`)
  const place = { bucket: trail.S3BucketName as string, prefix: trail.S3KeyPrefix as string | undefined }
  if (!trail.IsOrganizationTrail) return place
  if (!account) {
    throw new Failure('InvalidValue', "Missing required parameter for organization trail: '--account-id'")
  }
  const settings = settingsFor(await context.settings(), { endpointUrl: 'configured' })
  const { Organization } = await callWith(settings, 'organizations', 'DescribeOrganization', {})
  return { ...place, organization: (Organization as Structure).Id as string }
}

async function checkLog(log: Log, buckets: Buckets, tally: Tally): Promise<void> {
  try {
    const { Body } = await buckets.call(log.s3Bucket, 'GetObject', { Key: log.s3Object })
    const { gunzipSync } = await import('node:zlib')
    const sound = sha256Hex(gunzipSync(Body as Uint8Array)) === log.hashValue
    tally.log(log, sound ? undefined : "hash value doesn't match")
  } catch (error) {
    if (error instanceof AwsError && error.code !== 'NoSuchKey') throw error
    tally.log(log, error instanceof AwsError ? 'not found' : 'invalid format')
  }
}
