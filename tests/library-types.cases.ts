// Mistakes that must not compile: the statement, and what the compiler says to it.

export interface Mistake {
  readonly what: string
  /** In a function where `s3`, `dynamodb`, `error` and `aws` are there. */
  readonly code: string
  readonly says: RegExp
}

export const mistakes: readonly Mistake[] = [
  { what: 'a member is missing', code: `await s3.getObject({ Bucket: 'b' })`, says: /'Key' is missing/ },
  { what: 'no input where one is needed', code: `await s3.getObject()`, says: /Expected 1-2 arguments/ },
  {
    what: 'a member that is not there',
    code: `await s3.getObject({ Bucket: 'b', Key: 'k', Foo: 1 })`,
    says: /'Foo' does not exist/,
  },
  {
    what: 'a member in the wrong case',
    code: `await s3.getObject({ bucket: 'b', Key: 'k' })`,
    says: /'bucket' does not exist|Bucket/,
  },
  {
    what: 'a text for a number',
    code: `await s3.listObjectsV2({ Bucket: 'b', MaxKeys: '5' })`,
    says: /'string' is not assignable to type 'number'/,
  },
  {
    what: 'a number for a text',
    code: `await s3.getObject({ Bucket: 5, Key: 'k' })`,
    says: /'number' is not assignable to type 'string'/,
  },
  {
    what: 'a text for a moment',
    code: `await s3.getObject({ Bucket: 'b', Key: 'k', IfModifiedSince: '2026-01-01' })`,
    says: /'string' is not assignable to type '(Time|Date)'/,
  },
  {
    what: 'no value of an enumeration',
    code: `await s3.putObject({ Bucket: 'b', Key: 'k', StorageClass: 'COLD' })`,
    says: /"COLD"' is not assignable/,
  },
  {
    what: 'an enumeration in the wrong case',
    code: `await dynamodb.putItem({ TableName: 't', Item: {}, ReturnValues: 'all_old' })`,
    says: /"all_old"' is not assignable/,
  },
  {
    what: 'a number as a body',
    code: `await s3.putObject({ Bucket: 'b', Key: 'k', Body: 5 })`,
    says: /'number' is not assignable to type/,
  },
  {
    what: 'two members of a union',
    code: `await dynamodb.putItem({ TableName: 't', Item: { id: { S: 'a', N: '1' } } })`,
    says: /not assignable/,
  },
  {
    what: 'no member of a union',
    code: `await dynamodb.putItem({ TableName: 't', Item: { id: {} } })`,
    says: /not assignable/,
  },
  {
    what: 'a number where the union wants text',
    code: `await dynamodb.putItem({ TableName: 't', Item: { id: { N: 1 } } })`,
    says: /'number' is not assignable to type/,
  },
  {
    what: 'one for a list',
    code: `await dynamodb.batchGetItem({ RequestItems: { t: { Keys: { id: { S: 'a' } } } } })`,
    says: /'id' does not exist|not assignable/,
  },
  {
    what: 'null for a member',
    code: `await s3.listObjectsV2({ Bucket: 'b', Prefix: null })`,
    says: /'null' is not assignable/,
  },
  {
    what: 'an operation that is not there',
    code: `await s3.getObjekt({ Bucket: 'b', Key: 'k' })`,
    says: /'getObjekt' does not exist/,
  },
  {
    what: 'an operation of another service',
    code: `await s3.putItem({ TableName: 't', Item: {} })`,
    says: /'putItem' does not exist/,
  },
  {
    what: 'pages of what has none',
    code: `s3.getObject.pages({ Bucket: 'b', Key: 'k' })`,
    says: /'pages' does not exist/,
  },
  {
    what: 'an item is no page',
    code: `for await (const page of s3.listObjectsV2.items({ Bucket: 'b' })) page.KeyCount`,
    says: /'KeyCount' does not exist/,
  },
  {
    what: 'a waiter that is not there',
    code: `await s3.wait.bucketIsThere({ Bucket: 'b' })`,
    says: /'bucketIsThere' does not exist/,
  },
  { what: 'a waiter without its input', code: `await s3.wait.bucketExists({})`, says: /'Bucket' is missing/ },
  {
    what: 'a member of an output that is not there',
    code: `(await s3.getObject({ Bucket: 'b', Key: 'k' })).Size`,
    says: /'Size' does not exist/,
  },
  {
    what: 'a member that may be missing, used at once',
    code: `(await s3.headObject({ Bucket: 'b', Key: 'k' })).ETag.length`,
    says: /possibly 'undefined'/,
  },
  {
    what: 'a stream taken for text',
    code: `(await s3.getObject({ Bucket: 'b', Key: 'k' })).Body.toUpperCase()`,
    says: /'toUpperCase' does not exist/,
  },
  {
    what: 'a setting that is not there',
    code: `aws.s3({ regoin: 'eu-west-1' })`,
    says: /'regoin' does not exist|did you mean/,
  },
  {
    what: 'a setting of the wrong type',
    code: `aws.s3({ maxAttempts: 'three' })`,
    says: /'string' is not assignable to type 'number'/,
  },
  {
    what: 'half a key',
    code: `aws.s3({ credentials: { accessKeyId: 'a' } })`,
    says: /'secretAccessKey' is missing|not assignable/,
  },
  {
    what: 'an option of a call that is not there',
    code: `await s3.listBuckets({}, { timeout: 5 })`,
    says: /'timeout' does not exist/,
  },
  {
    what: 'a detail that the error does not have',
    code: `if (s3.isError(error, 'NoSuchKey')) error.detail.Bucket`,
    says: /'Bucket' does not exist/,
  },
  {
    what: 'a code that is no code of it',
    code: `if (s3.isError(error)) { if (error.code === 'NoSuchKey' && error.detail.StorageClass) {} }`,
    says: /'StorageClass' does not exist/,
  },
  {
    what: 'a code that the service does not have',
    code: `if (s3.isError(error)) switch (error.code) { case 'NoSuchBocket': break }`,
    says: /not comparable/,
  },
  {
    what: 'a service whose declarations are not loaded',
    code: `aws.acm({ region: 'eu-west-1' })`,
    says: /add: import 'virga\/acm'/,
  },
  { what: 'a service that is not there', code: `aws.s4()`, says: /'s4' does not exist|did you mean/ },
  { what: 'documents of what is no client', code: `documents(5)`, says: /'number' is not assignable/ },
]
