// A test that imports nothing but the local AWS.

import { localAws } from 'virga/local'

const account = await localAws()
const { Buckets } = await account.aws.s3().listBuckets()
console.log(Buckets?.length)
await account.close()
