// Who works on the account while it is killed: each client on things of its own, one operation after the other.

import { AwsError } from '../../src/lib/errors.ts'
import { sha256Hex } from '../../src/lib/hash.ts'
import { call, NoAnswer, type Caller } from './caller.ts'
import { Ledger } from './ledger.ts'

export interface Client {
  readonly name: string
  readonly ledger: Ledger
  /** What must be there before it can work; may be done again. */
  prepare(caller: Caller): Promise<void>
  /** One operation. Throws NoAnswer, or what the server refused. */
  step(caller: Caller): Promise<void>
  /** What is not as it must be. */
  check(caller: Caller): Promise<string[]>
}

export type Chance = (below: number) => number

/** Numbers that are the same for the same seed (mulberry32). */
export function chanceOf(seed: number): Chance {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below)
  }
}

function bytesOf(size: number, salt: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let i = 0, x = salt | 1; i < size; i++) bytes[i] = x = (Math.imul(x, 1103515245) + 12345) & 0xff
  new DataView(bytes.buffer).setUint32(0, salt)
  return bytes
}

const told = (bytes: Uint8Array): string => `${bytes.length} bytes ${sha256Hex(bytes).slice(0, 16)}`

async function unlessThere(work: Promise<unknown>, ...codes: string[]): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof AwsError && codes.includes(error.code))) throw error
  }
}

/** Undefined where the service says that there is no such thing. */
async function ifThere<T>(work: Promise<T>, ...codes: string[]): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof AwsError && codes.includes(error.code)) return undefined
    throw error
  }
}

/** Objects of all sizes: written over, deleted, copied, and uploaded in parts. */
export function objects(name: string, chance: Chance): Client {
  const [ledger, Bucket] = [new Ledger(), `torture-${name}`]
  const sizes = [4, 900, 16_384, 16_385, 70_000, 300_000, 1_000_000]
  const inParts = async (caller: Caller, Key: string): Promise<void> => {
    const parts = [bytesOf(5 * 1024 * 1024, chance(1e9)), bytesOf(1 + 4 + chance(40_000), chance(1e9))]
    const { UploadId } = await call(caller, 's3', 'CreateMultipartUpload', { Bucket, Key })
    const Parts: { ETag: string; PartNumber: number }[] = []
    for (const [i, Body] of parts.entries()) {
      const part = { Bucket, Key, UploadId, PartNumber: i + 1, Body }
      Parts.push({ ETag: (await call(caller, 's3', 'UploadPart', part)).ETag, PartNumber: i + 1 })
    }
    const whole = new Uint8Array(Buffer.concat(parts))
    await ledger.change(Key, told(whole), () =>
      call(caller, 's3', 'CompleteMultipartUpload', { Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    )
  }
  return {
    name: `objects ${name}`,
    ledger,
    prepare: (caller) =>
      unlessThere(call(caller, 's3', 'CreateBucket', { Bucket }), 'BucketAlreadyOwnedByYou', 'BucketAlreadyExists'),
    async step(caller) {
      const [Key, what] = [`key ${chance(20)}`, chance(40)]
      if (what === 0) return inParts(caller, Key)
      if (what < 8) return ledger.change(Key, '', () => call(caller, 's3', 'DeleteObject', { Bucket, Key }))
      const from = `key ${chance(20)}`
      if (what < 12 && ledger.sure(from) !== '' && from !== Key)
        return ledger.change(Key, ledger.sure(from), () =>
          call(caller, 's3', 'CopyObject', { Bucket, Key, CopySource: encodeURIComponent(`${Bucket}/${from}`) }),
        )
      const Body = bytesOf(sizes[chance(sizes.length)]!, chance(1e9))
      return ledger.change(Key, told(Body), () => call(caller, 's3', 'PutObject', { Bucket, Key, Body }))
    },
    async check(caller) {
      const listed = new Map<string, number>()
      const list = await ifThere(call(caller, 's3', 'ListObjectsV2', { Bucket }), 'NoSuchBucket')
      for (const { Key, Size } of list?.Contents ?? []) listed.set(Key, Size)
      const wrong: (string | undefined)[] = []
      for (const Key of ledger.things) {
        const found = await ifThere(call(caller, 's3', 'GetObject', { Bucket, Key }), 'NoSuchKey', 'NoSuchBucket')
        const body: Uint8Array | undefined = found && (await bodyOf(found.Body))
        if (listed.get(Key) !== body?.length)
          wrong.push(`${Key}: listed with ${listed.get(Key)} bytes, has ${body?.length}`)
        wrong.push(ledger.judge(Key, body ? told(body) : ''))
      }
      return wrong.filter((each) => each !== undefined)
    },
  }
}

async function bodyOf(body: unknown): Promise<Uint8Array> {
  return body instanceof Uint8Array ? body : new Uint8Array(await new Response(body as Blob).arrayBuffer())
}

/** Users with a policy and a key: each is in several rows. */
export function users(name: string, chance: Chance): Client {
  const ledger = new Ledger()
  return {
    name: `users ${name}`,
    ledger,
    prepare: async () => {},
    async step(caller) {
      const UserName = `torture-${name}-${chance(8)}`
      const state = ledger.sure(UserName)
      if (state === '') return ledger.change(UserName, 'bare', () => call(caller, 'iam', 'CreateUser', { UserName }))
      const policy = { UserName, PolicyName: 'own' }
      if (chance(3) === 0) {
        if (state === 'bare') return ledger.change(UserName, '', () => call(caller, 'iam', 'DeleteUser', { UserName }))
        return ledger.change(UserName, 'bare', () => call(caller, 'iam', 'DeleteUserPolicy', policy))
      }
      const Sid = `s${chance(1e9)}`
      const Statement = [{ Sid, Effect: 'Allow', Action: '*', Resource: '*' }]
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
      return ledger.change(UserName, Sid, () => call(caller, 'iam', 'PutUserPolicy', { ...policy, PolicyDocument }))
    },
    async check(caller) {
      const wrong: (string | undefined)[] = []
      for (const UserName of ledger.things) {
        const user = await ifThere(call(caller, 'iam', 'GetUser', { UserName }), 'NoSuchEntity')
        const policy = { UserName, PolicyName: 'own' }
        const inline = await ifThere(call(caller, 'iam', 'GetUserPolicy', policy), 'NoSuchEntity')
        if (inline && !user) wrong.push(`${UserName}: has a policy and is not there`)
        const sid = inline && /"Sid":"(\w+)"/.exec(decodeURIComponent(inline.PolicyDocument))?.[1]
        wrong.push(ledger.judge(UserName, user ? (sid ?? 'bare') : ''))
      }
      return wrong.filter((each) => each !== undefined)
    },
  }
}

/** Access keys: a row by id, and a line in the user's. One without the other would be half a key. */
export function accessKeys(name: string): Client {
  const [ledger, UserName] = [new Ledger(), `torture-keys-${name}`]
  const listed = async (caller: Caller): Promise<string[]> => {
    const answer = await ifThere(call(caller, 'iam', 'ListAccessKeys', { UserName }), 'NoSuchEntity')
    return (answer?.AccessKeyMetadata ?? []).map(({ AccessKeyId }: { AccessKeyId: string }) => AccessKeyId)
  }
  const secrets = new Map<string, string>()
  return {
    name: `access keys ${name}`,
    ledger,
    prepare: (caller) => unlessThere(call(caller, 'iam', 'CreateUser', { UserName }), 'EntityAlreadyExists'),
    async step(caller) {
      const [old] = await listed(caller)
      if (old !== undefined && ledger.sure(old) === '') ledger.note(old, 'there')
      if (old !== undefined)
        return ledger.change(old, '', () => call(caller, 'iam', 'DeleteAccessKey', { UserName, AccessKeyId: old }))
      const { AccessKey } = await call(caller, 'iam', 'CreateAccessKey', { UserName })
      secrets.set(AccessKey.AccessKeyId, AccessKey.SecretAccessKey)
      return ledger.change(AccessKey.AccessKeyId, 'there', async () => {})
    },
    async check(caller) {
      const there = await listed(caller)
      // A key whose answer did not come has a secret that nobody knows.
      const wrong: (string | undefined)[] = there.length > 1 ? [`${UserName} has ${there.length} keys`] : []
      for (const id of ledger.things) {
        const works = await ifThere(
          call(
            { ...caller, credentials: { accessKeyId: id, secretAccessKey: secrets.get(id) ?? '' } },
            'sts',
            'GetCallerIdentity',
            {},
          ),
          'InvalidClientTokenId',
          'SignatureDoesNotMatch',
        )
        if (secrets.has(id) && (works !== undefined) !== there.includes(id))
          wrong.push(`${id}: works ${!!works}, listed ${there.includes(id)}`)
        wrong.push(ledger.judge(id, there.includes(id) ? 'there' : ''))
      }
      return wrong.filter((each) => each !== undefined)
    },
  }
}

/** Messages: sent, received and deleted. */
export function messages(name: string, chance: Chance): Client {
  const [ledger, QueueName] = [new Ledger(), `torture-${name}`]
  let QueueUrl = ''
  let sent = 0
  return {
    name: `messages ${name}`,
    ledger,
    async prepare(caller) {
      QueueUrl = (await call(caller, 'sqs', 'CreateQueue', { QueueName, Attributes: { VisibilityTimeout: '0' } }))
        .QueueUrl
      QueueUrl = QueueUrl.replace(/^https?:\/\/[^/]*/, caller.address)
    },
    async step(caller) {
      const there = ledger.things.filter((thing) => ledger.sure(thing) !== '')
      if (there.length > 30 || (there.length > 0 && chance(2) === 0)) {
        const { Messages } = await call(caller, 'sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 1 })
        for (const { Body, ReceiptHandle } of Messages ?? [])
          await ledger.change(Body, '', () => call(caller, 'sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle }))
        return
      }
      const MessageBody = `message ${++sent}`
      await ledger.change(MessageBody, 'there', () => call(caller, 'sqs', 'SendMessage', { QueueUrl, MessageBody }))
    },
    async check(caller) {
      const there = new Set<string>()
      const receipts: string[] = []
      // Each is hidden until all have come, and then shown again.
      for (let more = true; more;) {
        const asked = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 }
        const { Messages = [] } = await call(caller, 'sqs', 'ReceiveMessage', asked)
        for (const { Body } of Messages) there.add(Body)
        receipts.push(...Messages.map(({ ReceiptHandle }: { ReceiptHandle: string }) => ReceiptHandle))
        more = Messages.length > 0
      }
      for (const ReceiptHandle of receipts)
        await call(caller, 'sqs', 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })
      const unknown = [...there].filter((body) => !ledger.things.includes(body))
      const wrong = ledger.things.map((thing) => ledger.judge(thing, there.has(thing) ? 'there' : ''))
      return [...wrong.filter((each) => each !== undefined), ...unknown.map((body) => `${body}: nobody sent it`)]
    },
  }
}

/** Items, alone and two at once in a transaction. */
export function items(name: string, chance: Chance): Client {
  const [ledger, TableName] = [new Ledger(), `torture-${name}`]
  return {
    name: `items ${name}`,
    ledger,
    prepare: (caller) =>
      unlessThere(
        call(caller, 'dynamodb', 'CreateTable', {
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        }),
        'ResourceInUseException',
      ),
    async step(caller) {
      const id = `item ${chance(20)}`
      const Key = { id: { S: id } }
      const value = String(chance(1e9))
      const Item = (key: string): object => ({
        id: { S: key },
        value: { S: value },
        more: { S: 'x'.repeat(chance(2000)) },
      })
      const what = chance(6)
      if (what === 0) return ledger.change(id, '', () => call(caller, 'dynamodb', 'DeleteItem', { TableName, Key }))
      if (what > 1)
        return ledger.change(id, value, () => call(caller, 'dynamodb', 'PutItem', { TableName, Item: Item(id) }))
      const pair = `pair ${chance(5)}`
      const TransactItems = ['a', 'b'].map((half) => ({ Put: { TableName, Item: Item(`${pair} ${half}`) } }))
      return ledger.change(pair, value, () => call(caller, 'dynamodb', 'TransactWriteItems', { TransactItems }))
    },
    async check(caller) {
      const { Items = [] } = await call(caller, 'dynamodb', 'Scan', { TableName, ConsistentRead: true })
      const values = new Map<string, string>(
        Items.map(({ id, value }: Record<string, { S: string }>) => [id!.S, value!.S] as const),
      )
      const wrong = ledger.things.map((thing) => {
        if (!thing.startsWith('pair')) return ledger.judge(thing, values.get(thing) ?? '')
        const halves = ['a', 'b'].map((half) => values.get(`${thing} ${half}`) ?? '')
        return halves[0] === halves[1]
          ? ledger.judge(thing, halves[0]!)
          : `${thing}: is half there: ${halves.join(', ')}`
      })
      return wrong.filter((each) => each !== undefined)
    },
  }
}

/** Objects written by the command line in its own process, beside the server; it is killed, too. */
export function commandLine(
  name: string,
  chance: Chance,
  run: (args: string[], kill: boolean) => Promise<boolean>,
  file: string,
): Client {
  const [ledger, Bucket] = [new Ledger(), `torture-${name}`]
  const server = objects(name, chance)
  return {
    name: `command line ${name}`,
    ledger,
    prepare: server.prepare,
    async step() {
      const Key = `key${chance(10)}`
      const body = bytesOf([10, 5_000, 50_000, 600_000][chance(4)]!, chance(1e9))
      await Bun.write(file, body)
      await ledger.change(Key, told(body), async () => {
        const typed = ['s3api', 'put-object', '--bucket', Bucket, '--key', Key, '--body', file, '--profile', 'local']
        if (!(await run(typed, chance(4) === 0))) throw new NoAnswer('killed')
      })
    },
    async check(caller) {
      const wrong: (string | undefined)[] = []
      for (const Key of ledger.things) {
        const found = await ifThere(call(caller, 's3', 'GetObject', { Bucket, Key }), 'NoSuchKey', 'NoSuchBucket')
        wrong.push(ledger.judge(Key, found ? told(await bodyOf(found.Body)) : ''))
      }
      return wrong.filter((each) => each !== undefined)
    },
  }
}
