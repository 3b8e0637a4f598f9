// Our client against a foreign server: moto. It does not check signatures; it checks that what we write is understood and
// what it writes is read, on every protocol.

import { afterAll, expect, test } from 'bun:test'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { program, scratch } from './witnesses/witnesses.ts'

const virga = join(import.meta.dir, '..', 'dist', 'virga')
const moto = program('moto_server')

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as { port: number }
  await new Promise((closed) => server.close(closed))
  return port
}

if ('missing' in moto) {
  console.log(`skipped: moto_server: ${moto.missing}`)
  test.skip(`moto_server is missing: ${moto.missing}`, () => {})
} else {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = Bun.spawn([moto.found, '-H', '127.0.0.1', '-p', String(port)], { stdout: 'ignore', stderr: 'ignore' })
  afterAll(() => server.kill())
  for (
    let tries = 0;
    tries < 300 &&
    !(await fetch(url).then(
      () => true,
      () => false,
    ));
    tries++
  )
    await Bun.sleep(100)

  const home = scratch('moto')
  await Bun.write(join(home, 'body.txt'), 'hello from a file')
  const run = (...words: string[]) => {
    const done = Bun.spawnSync([virga, ...words, '--endpoint-url', url], {
      cwd: home,
      stdin: 'ignore',
      env: {
        PATH: process.env.PATH ?? '',
        HOME: home,
        AWS_ACCESS_KEY_ID: 'testing',
        AWS_SECRET_ACCESS_KEY: 'testing',
        AWS_REGION: 'us-east-1',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    })
    return { code: done.exitCode, out: done.stdout.toString(), err: done.stderr.toString() }
  }
  const value = (...words: string[]) => {
    const { code, out, err } = run(...words)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    return out.trim() === '' ? undefined : JSON.parse(out)
  }

  test('query: STS and IAM', () => {
    expect(value('sts', 'get-caller-identity').Account).toBe('123456789012')
    value('iam', 'create-user', '--user-name', 'ann', '--tags', 'Key=team,Value=blue')
    expect(value('iam', 'list-user-tags', '--user-name', 'ann').Tags).toEqual([{ Key: 'team', Value: 'blue' }])
    expect(run('iam', 'get-user', '--user-name', 'bob')).toEqual({
      code: 254,
      out: '',
      err: '\naws: [ERROR]: An error occurred (NoSuchEntity) when calling the GetUser operation: The user with name bob cannot be found.\n',
    })
  })

  test('ec2: instances from the cheapest image, filtered', () => {
    const image = value(
      'ec2',
      'describe-images',
      '--owners',
      'amazon',
      '--query',
      'sort_by(Images, &ImageId)[0].ImageId',
    )
    const { Instances } = value(
      'ec2',
      'run-instances',
      '--image-id',
      image,
      '--count',
      '2',
      '--instance-type',
      't3.micro',
    )
    expect(Instances).toHaveLength(2)
    const ids = value(
      'ec2',
      'describe-instances',
      '--filters',
      'Name=instance-type,Values=t3.micro',
      '--query',
      'Reservations[].Instances[].InstanceId',
    )
    expect(ids.toSorted()).toEqual(Instances.map(({ InstanceId }: { InstanceId: string }) => InstanceId).toSorted())
    value('ec2', 'wait', 'instance-running', '--instance-ids', ...ids)
  })

  test('rest-xml: S3 objects, with names that XML and URLs find hard', () => {
    value('s3api', 'create-bucket', '--bucket', 'moto-bucket')
    value(
      's3api',
      'put-object',
      '--bucket',
      'moto-bucket',
      '--key',
      'a b/ü&<>.txt',
      '--body',
      'body.txt',
      '--metadata',
      'who=me',
    )
    expect(value('s3api', 'list-objects-v2', '--bucket', 'moto-bucket').Contents[0].Key).toBe('a b/ü&<>.txt')
    const got = value('s3api', 'get-object', '--bucket', 'moto-bucket', '--key', 'a b/ü&<>.txt', 'back.txt')
    expect(got.Metadata).toEqual({ who: 'me' })
    expect(run('s3api', 'head-object', '--bucket', 'moto-bucket', '--key', 'none').err).toContain(
      'An error occurred (404) when calling the HeadObject operation: Not Found',
    )
  })

  test('json: DynamoDB items, pages and errors', () => {
    value(
      'dynamodb',
      'create-table',
      '--table-name',
      'items',
      '--attribute-definitions',
      'AttributeName=id,AttributeType=S',
      '--key-schema',
      'AttributeName=id,KeyType=HASH',
      '--billing-mode',
      'PAY_PER_REQUEST',
    )
    for (const id of ['a', 'b', 'c'])
      value(
        'dynamodb',
        'put-item',
        '--table-name',
        'items',
        '--item',
        `{"id":{"S":"${id}"},"n":{"N":"12345678901234567890"}}`,
      )
    const { Items } = value('dynamodb', 'scan', '--table-name', 'items', '--page-size', '1')
    expect(Items.map(({ id }: { id: { S: string } }) => id.S).toSorted()).toEqual(['a', 'b', 'c'])
    expect(Items[0].n.N).toBe('12345678901234567890')
    expect(run('dynamodb', 'describe-table', '--table-name', 'none').err).toContain(
      '(ResourceNotFoundException) when calling the DescribeTable operation',
    )
  })

  test('json with query-compatible errors: SQS', () => {
    const { QueueUrl } = value('sqs', 'create-queue', '--queue-name', 'jobs')
    value('sqs', 'send-message', '--queue-url', QueueUrl, '--message-body', 'one')
    expect(value('sqs', 'receive-message', '--queue-url', QueueUrl).Messages[0].Body).toBe('one')
    expect(run('sqs', 'get-queue-url', '--queue-name', 'none').err).toMatch(
      /\((AWS\.SimpleQueueService\.NonExistentQueue|QueueDoesNotExist)\)/,
    )
  })

  test('rest-json: Lambda and API Gateway', () => {
    expect(value('lambda', 'list-functions').Functions).toEqual([])
    const { id } = value('apigateway', 'create-rest-api', '--name', 'mine')
    expect(value('apigateway', 'get-rest-apis').items[0].id).toBe(id)
  })
}
