// A program that uses the package as anybody would: typed, with a local account instead of AWS.

import { aws, AwsError, responseOf } from 'virga'
import { documents } from 'virga/documents'
import { localAws } from 'virga/local'
import { s3 } from 'virga/s3'

const account = await localAws({ region: 'eu-west-1' })
const store = account.aws.s3()

await store.createBucket({ Bucket: 'hello', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } })
await store.putObject({ Bucket: 'hello', Key: 'greeting.txt', Body: 'hello' })
const { Body, ContentLength } = await store.getObject({ Bucket: 'hello', Key: 'greeting.txt' })
const length: number | undefined = ContentLength
console.log(await Body.text(), length)

for await (const object of store.listObjectsV2.items({ Bucket: 'hello' })) console.log(object.Key, object.StorageClass)
for await (const { KeyCount } of store.listObjectsV2.pages({ Bucket: 'hello' })) console.log(KeyCount)
await store.wait.bucketExists({ Bucket: 'hello' })
const link = await store.getObject.presign({ Bucket: 'hello', Key: 'greeting.txt' }, { expires: 60 })
console.log(link.method)

try {
  await store.getObject({ Bucket: 'hello', Key: 'nothing' })
} catch (error) {
  if (store.isError(error, 'NoSuchKey')) console.log(error.code satisfies 'NoSuchKey')
  if (store.isError(error))
    switch (error.code) {
      case 'InvalidObjectState':
        console.log(error.detail.StorageClass)
        break
      case 'NoSuchKey':
        console.log(error.status, error instanceof AwsError)
    }
}

const identity = await account.aws.sts().getCallerIdentity()
console.log(identity.Arn, responseOf(identity)?.status)

// What is not called costs nothing, and nobody is asked for credentials.
void aws.dynamodb({ region: 'eu-west-1' })
void s3({ region: 'eu-west-1' })
void documents(aws.dynamodb())
await account.close()
