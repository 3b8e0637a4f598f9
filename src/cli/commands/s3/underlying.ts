// Could two paths mean the same objects, because an access point stands for a bucket? A move would then delete them.

import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { bucketAndKey } from '../../../transfer/places.ts'
import { callWith, settingsFor } from '../../clients.ts'
import type { Context, GivenWords } from '../command.ts'
import { requireDifferent, samePlace } from './check.ts'
import type { Checked } from './check.ts'

const accessPoint = /^arn:aws.*:s3:[a-z0-9-]+:([0-9]{12}):accesspoint[:/]([a-z0-9-]{3,50})$/
const outpost =
  /^arn:aws.*:s3-outposts:[a-z0-9-]+:([0-9]{12}):outpost\/op-[a-zA-Z0-9]+\/accesspoint[:/][a-z0-9-]{3,50}$/
const multiRegion = /^arn:aws:s3::([0-9]{12}):accesspoint[:/]([a-zA-Z0-9]+\.mrap)$/

/** Looks the buckets up where the user wants that, else warns. Throws Failure('ParamValidation'). */
export async function checkUnderlyingPaths({ from, to }: Checked, given: GivenWords, context: Context): Promise<void> {
  if (!samePlace(`/${bucketAndKey(from).key}`, `/${bucketAndKey(to).key}`)) return
  const wanted =
    given['validate-same-s3-paths'] === true ||
    context.outside.env.AWS_CLI_S3_MV_VALIDATE_SAME_S3_PATHS?.toLowerCase() === 'true'
  if (wanted) {
    const [sources, targets] = [
      await underlying(from, context, given['source-region'] as string | undefined),
      await underlying(to, context, undefined),
    ]
    for (const source of sources) for (const target of targets) requireDifferent(source, target, from, to)
    return
  }
  if (!standsForBucket(from) && !standsForBucket(to)) return
  context.warn(
    'warning: Provided s3 paths may resolve to same underlying s3 object(s) and result in deletion instead of being ' +
      'moved. To resolve and validate underlying s3 paths are not the same, specify the --validate-same-s3-paths flag ' +
      'or set the AWS_CLI_S3_MV_VALIDATE_SAME_S3_PATHS environment variable to true. To resolve s3 outposts access ' +
      'point path, the arn must be used instead of the alias.',
  )
}

function standsForBucket(path: string): boolean {
  const { bucket } = bucketAndKey(path)
  return (
    accessPoint.test(bucket) ||
    outpost.test(bucket) ||
    multiRegion.test(bucket) ||
    bucket.endsWith('-s3alias') ||
    bucket.endsWith('--op-s3')
  )
}

async function underlying(path: string, context: Context, region: string | undefined): Promise<string[]> {
  const { bucket, key } = bucketAndKey(path)
  const settings = settingsFor(await context.settings(), { region, endpointUrl: 'configured' })
  const call = (service: string, operation: string, input: Structure): Promise<Structure> =>
    callWith(settings, service, operation, input)
  const bucketOf = async (account: string, name: string): Promise<string[]> => {
    const { Bucket } = await call('s3control', 'GetAccessPoint', { AccountId: account, Name: name })
    return [`s3://${String(Bucket)}/${key}`]
  }
  const ofRegion = accessPoint.exec(bucket)
  if (ofRegion) return bucketOf(ofRegion[1]!, ofRegion[2]!)
  const ofOutpost = outpost.exec(bucket)
  if (ofOutpost) return bucketOf(ofOutpost[1]!, bucket)
  const ofRegions = multiRegion.exec(bucket)
  if (ofRegions) return bucketsOf(ofRegions[1]!, ofRegions[2]!, key, call)
  if (bucket.endsWith('-s3alias')) {
    const { Account } = await call('sts', 'GetCallerIdentity', {})
    return bucketOf(String(Account), bucket)
  }
  if (bucket.endsWith('--op-s3')) {
    throw new Failure(
      'ParamValidation',
      "Can't resolve underlying bucket name of s3 outposts access point alias. Use arn instead to resolve the bucket " +
        'name and validate the mv command.',
    )
  }
  return [path]
}

async function bucketsOf(
  account: string,
  alias: string,
  key: string,
  call: (service: string, operation: string, input: Structure) => Promise<Structure>,
): Promise<string[]> {
  let token: Structure[string]
  do {
    const input: Structure = token === undefined ? { AccountId: account } : { AccountId: account, NextToken: token }
    const page = await call('s3control', 'ListMultiRegionAccessPoints', input)
    const found = ((page.AccessPoints ?? []) as Structure[]).find((point) => point.Alias === alias)
    if (found) return ((found.Regions ?? []) as Structure[]).map(({ Bucket }) => `s3://${String(Bucket)}/${key}`)
    token = page.NextToken
  } while (token)
  throw new Failure(
    'ParamValidation',
    `Couldn't find multi-region access point with alias ${alias} in account ${account}`,
  )
}
