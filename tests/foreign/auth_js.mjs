// How the AWS SDK for JavaScript sees every way of being turned away: reads cases (JSON) from standard input, prints one
// line of JSON a case. Run in the folder where it is installed.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const load = createRequire(join(process.cwd(), 'package.json'))
const asks = {
  iam: ['@aws-sdk/client-iam', 'IAMClient', 'ListUsersCommand'],
  ec2: ['@aws-sdk/client-ec2', 'EC2Client', 'DescribeInstancesCommand'],
  dynamodb: ['@aws-sdk/client-dynamodb', 'DynamoDBClient', 'ListTablesCommand'],
  sqs: ['@aws-sdk/client-sqs', 'SQSClient', 'ListQueuesCommand'],
  lambda: ['@aws-sdk/client-lambda', 'LambdaClient', 'ListFunctionsCommand'],
  s3: ['@aws-sdk/client-s3', 'S3Client', 'ListBucketsCommand'],
}

for (const { name, service, keys, expect } of JSON.parse(readFileSync(0, 'utf8'))) {
  const [from, client, command] = asks[service]
  const sdk = load(from)
  const settings = { region: 'us-east-1', endpoint: process.env.AWS_ENDPOINT_URL, maxAttempts: 1 }
  const unsigned = {
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    signer: { sign: async (request) => request },
  }
  const aws = new sdk[client]({ ...settings, ...(keys ? { credentials: keys } : unsigned) })
  let why = 'was allowed'
  try {
    await aws.send(new sdk[command]({}))
  } catch (error) {
    const got = [error.name, error.$metadata?.httpStatusCode]
    const isService = error instanceof sdk[`${client.replace('Client', '')}ServiceException`]
    why =
      JSON.stringify(got) === JSON.stringify(expect) && isService
        ? ''
        : `${JSON.stringify(got)} as ${error.constructor.name}: ${error.message}`
  }
  console.log(JSON.stringify({ case: name, why }))
}
