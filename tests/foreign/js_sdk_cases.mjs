// The AWS SDK for JavaScript on Node against the local AWS: one line of JSON a case. Run in the folder where it is installed.

import { createRequire } from 'node:module'
import { join } from 'node:path'

const load = createRequire(join(process.cwd(), 'package.json'))
const {
  S3Client,
  CreateBucketCommand,
  PutObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  DeleteObjectCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  CompleteMultipartUploadCommand,
} = load('@aws-sdk/client-s3')
const { IAMClient, CreateUserCommand, CreateAccessKeyCommand, PutUserPolicyCommand, ListUsersCommand, GetUserCommand } =
  load('@aws-sdk/client-iam')
const { STSClient, GetCallerIdentityCommand, AssumeRoleCommand } = load('@aws-sdk/client-sts')

const settings = { region: 'us-east-1', endpoint: process.env.AWS_ENDPOINT_URL, maxAttempts: 1 }
const s3 = new S3Client({ ...settings, forcePathStyle: true })
const iam = new IAMClient(settings)
const sts = new STSClient(settings)

const equal = (got, want) => {
  if (JSON.stringify(got) !== JSON.stringify(want))
    throw new Error(`${JSON.stringify(got)} is not ${JSON.stringify(want)}`)
}
const refused = async (name, promise) => {
  try {
    await promise
  } catch (error) {
    return equal(error.name, name)
  }
  throw new Error('was allowed')
}

const cases = {
  async 'sts: who am I'() {
    equal((await sts.send(new GetCallerIdentityCommand({}))).Account, '123456789012')
  },
  async 'iam: a user is made, listed and found'() {
    await iam.send(new CreateUserCommand({ UserName: 'from-js' }))
    const { Users } = await iam.send(new ListUsersCommand({}))
    equal(
      Users.some(({ UserName }) => UserName === 'from-js'),
      true,
    )
    const { User } = await iam.send(new GetUserCommand({ UserName: 'from-js' }))
    equal(User.CreateDate instanceof Date, true)
  },
  async 'iam: errors are the modelled classes'() {
    await refused('NoSuchEntityException', iam.send(new GetUserCommand({ UserName: 'nobody' })))
  },
  async 's3: put with a checksum, get, range, head, list, delete'() {
    await s3.send(new CreateBucketCommand({ Bucket: 'js-bucket' }))
    await s3.send(
      new PutObjectCommand({ Bucket: 'js-bucket', Key: 'dir/key', Body: 'hello', ChecksumAlgorithm: 'SHA256' }),
    )
    const got = await s3.send(new GetObjectCommand({ Bucket: 'js-bucket', Key: 'dir/key', ChecksumMode: 'ENABLED' }))
    equal(await got.Body.transformToString(), 'hello')
    equal(got.ChecksumSHA256, 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=')
    const range = await s3.send(new GetObjectCommand({ Bucket: 'js-bucket', Key: 'dir/key', Range: 'bytes=1-3' }))
    equal(await range.Body.transformToString(), 'ell')
    equal((await s3.send(new HeadObjectCommand({ Bucket: 'js-bucket', Key: 'dir/key' }))).ContentLength, 5)
    equal((await s3.send(new ListObjectsV2Command({ Bucket: 'js-bucket', Prefix: 'dir/' }))).KeyCount, 1)
    await s3.send(new DeleteObjectCommand({ Bucket: 'js-bucket', Key: 'dir/key' }))
    await refused('NoSuchKey', s3.send(new GetObjectCommand({ Bucket: 'js-bucket', Key: 'dir/key' })))
  },
  async 's3: a stream goes up in signed or trailed chunks'() {
    const { Readable } = await import('node:stream')
    const bytes = Buffer.alloc(300_000, 7)
    await s3.send(
      new PutObjectCommand({
        Bucket: 'js-bucket',
        Key: 'stream',
        Body: Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)]),
        ContentLength: bytes.length,
      }),
    )
    const got = await s3.send(new GetObjectCommand({ Bucket: 'js-bucket', Key: 'stream' }))
    equal(Buffer.compare(Buffer.from(await got.Body.transformToByteArray()), bytes), 0)
  },
  async 's3: multipart'() {
    const where = { Bucket: 'js-bucket', Key: 'parts' }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...where, ChecksumAlgorithm: 'CRC32' }))
    const sizes = [5 * 1024 * 1024, 10]
    const Parts = []
    for (const [index, size] of sizes.entries()) {
      const { ETag, ChecksumCRC32 } = await s3.send(
        new UploadPartCommand({ ...where, UploadId, PartNumber: index + 1, Body: Buffer.alloc(size, index) }),
      )
      Parts.push({ ETag, ChecksumCRC32, PartNumber: index + 1 })
    }
    await s3.send(new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts } }))
    equal((await s3.send(new HeadObjectCommand(where))).ContentLength, sizes[0] + sizes[1])
  },
  async 'a user without policies is denied'() {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'from-js' }))
    const credentials = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
    await refused('AccessDenied', new IAMClient({ ...settings, credentials }).send(new ListUsersCommand({})))
    await refused(
      'AccessDenied',
      new STSClient({ ...settings, credentials }).send(
        new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/none', RoleSessionName: 'me' }),
      ),
    )
    await iam.send(
      new PutUserPolicyCommand({
        UserName: 'from-js',
        PolicyName: 'p',
        PolicyDocument: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:List*","Resource":"*"}}',
      }),
    )
    await new IAMClient({ ...settings, credentials }).send(new ListUsersCommand({}))
  },
}

for (const [name, run] of Object.entries(cases)) {
  try {
    await run()
    console.log(JSON.stringify({ case: name, ok: true }))
  } catch (error) {
    console.log(JSON.stringify({ case: name, ok: false, why: `${error.name}: ${error.message}`.slice(0, 500) }))
  }
}
