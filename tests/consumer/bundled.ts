// A function as it is put into AWS Lambda: one file, two services.

import { dynamodb } from 'virga/dynamodb'
import { s3 } from 'virga/s3'

const settings = { region: 'eu-west-1', endpointUrl: process.env['ENDPOINT']! }
const store = s3(settings)
const tables = dynamodb(settings)

export async function handler(event: { bucket: string }): Promise<unknown> {
  const { KeyCount } = await store.listObjectsV2({ Bucket: event.bucket })
  const { TableNames } = await tables.listTables()
  return { KeyCount, TableNames }
}

console.log(JSON.stringify(await handler({ bucket: 'hello' })))
