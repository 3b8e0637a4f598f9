// A test that imports nothing but the local AWS, and leaves nothing behind.

import { localAws } from 'virga/local'

await using account = await localAws()
const { Buckets } = await account.aws.s3().listBuckets()
console.log(Buckets?.length)
