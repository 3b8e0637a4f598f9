// The mapping from operations to actions and resources, on the models and the reference this tree was built with.

import { describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import type { Structure } from '../../lib/value.ts'
import { openModels } from '../load.ts'
import type { Models } from '../model.ts'
import { fileSource } from '../source.ts'
import { mappingOf, onlyLooks } from './mapping.ts'
import { exceptions } from './operation-actions.ts'
import { permissionsFor } from './resources.ts'

const built = existsSync('build/models.bin') && existsSync('build/actions.bin')
if (!built) console.log('SKIPPED: there is no build/models.bin or build/actions.bin (npm run models)')
const models: Models | undefined = built
  ? await openModels({ source: fileSource('build/models.bin'), actions: fileSource('build/actions.bin') })
  : undefined

const place = { account: '123456789012', region: 'eu-west-1' }

async function needed(service: string, operation: string, input: Structure = {}): Promise<string[]> {
  const mapping = await mappingOf(await models!.operation(service, operation), await models!.actions())
  return permissionsFor(mapping, input, place).map(({ action, resource }) => `${action} ${resource}`)
}

const table = 'arn:aws:dynamodb:eu-west-1:123456789012:table/T'
const fn = 'arn:aws:lambda:eu-west-1:123456789012:function:f'
const role = 'arn:aws:iam::123456789012:role/r'
const ec2 = 'arn:aws:ec2:eu-west-1:123456789012'

describe.skipIf(!built)('what an operation needs', () => {
  test.each<[service: string, operation: string, input: Structure, needs: string[]]>([
    ['dynamodb', 'GetItem', { TableName: 'T', Key: {} }, [`dynamodb:GetItem ${table}`]],
    ['dynamodb', 'GetItem', { TableName: table, Key: {} }, [`dynamodb:GetItem ${table}`]],
    ['dynamodb', 'ListTables', {}, ['dynamodb:ListTables arn:aws:dynamodb:eu-west-1:123456789012:table/*']],
    [
      'logs',
      'DescribeLogGroups',
      {},
      ['logs:DescribeLogGroups arn:aws:logs:eu-west-1:123456789012:log-group::log-stream:'],
    ],
    [
      'cloudformation',
      'DescribeStacks',
      { StackName: 's' },
      ['cloudformation:DescribeStacks arn:aws:cloudformation:eu-west-1:123456789012:stack/s/*'],
    ],
    ['dynamodb', 'TagResource', { ResourceArn: table, Tags: [] }, [`dynamodb:TagResource ${table}`]],
    ['dynamodb', 'DescribeEndpoints', {}, []],
    [
      'dynamodb',
      'ExecuteStatement',
      { Statement: ' select * from "T"' },
      ['dynamodb:PartiQLSelect arn:aws:dynamodb:eu-west-1:123456789012:table/*'],
    ],
    ['lambda', 'Invoke', { FunctionName: 'f' }, [`lambda:InvokeFunction ${fn}`]],
    ['lambda', 'Invoke', { FunctionName: fn }, [`lambda:InvokeFunction ${fn}`]],
    [
      'lambda',
      'CreateFunction',
      { FunctionName: 'f', Role: role, Code: {} },
      [`lambda:CreateFunction ${fn}`, `iam:PassRole ${role}`],
    ],
    ['lambda', 'ListFunctions', {}, ['lambda:ListFunctions *']],
    ['s3', 'HeadObject', { Bucket: 'b', Key: 'a/k' }, ['s3:GetObject arn:aws:s3:::b/a/k']],
    ['s3', 'GetObject', { Bucket: 'b', Key: 'k', VersionId: 'v' }, ['s3:GetObjectVersion arn:aws:s3:::b/k']],
    ['s3', 'ListObjectsV2', { Bucket: 'b' }, ['s3:ListBucket arn:aws:s3:::b']],
    ['s3', 'ListBuckets', {}, ['s3:ListAllMyBuckets *']],
    ['s3', 'DeleteBucketCors', { Bucket: 'b' }, ['s3:PutBucketCORS arn:aws:s3:::b']],
    [
      'sqs',
      'SendMessageBatch',
      { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/q', Entries: [] },
      ['sqs:SendMessage arn:aws:sqs:eu-west-1:123456789012:q'],
    ],
    [
      'sns',
      'Publish',
      { TopicArn: 'arn:aws:sns:eu-west-1:123456789012:t' },
      ['sns:Publish arn:aws:sns:eu-west-1:123456789012:t'],
    ],
    ['sns', 'CreateTopic', { Name: 't' }, ['sns:CreateTopic arn:aws:sns:eu-west-1:123456789012:t']],
    [
      'kms',
      'ScheduleKeyDeletion',
      { KeyId: '1-2' },
      ['kms:ScheduleKeyDeletion arn:aws:kms:eu-west-1:123456789012:key/1-2'],
    ],
    [
      'cloudwatch',
      'PutMetricAlarm',
      { AlarmName: 'a' },
      ['cloudwatch:PutMetricAlarm arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a'],
    ],
    ['cloudwatch', 'ListMetrics', {}, ['cloudwatch:ListMetrics *']],
    ['apigateway', 'GetRestApi', { restApiId: 'x' }, ['apigateway:GET arn:aws:apigateway:eu-west-1::/restapis/x']],
    ['apigateway', 'CreateRestApi', { name: 'n' }, ['apigateway:POST arn:aws:apigateway:eu-west-1::/restapis']],
    [
      'apigateway',
      'DeleteStage',
      { restApiId: 'x', stageName: 's' },
      ['apigateway:DELETE arn:aws:apigateway:eu-west-1::/restapis/x/stages/s'],
    ],
    ['apigatewayv2', 'GetApis', {}, ['apigateway:GET arn:aws:apigateway:eu-west-1::/apis']],
    [
      'apigatewayv2',
      'UpdateRoute',
      { ApiId: 'x', RouteId: 'y' },
      ['apigateway:PATCH arn:aws:apigateway:eu-west-1::/apis/x/routes/y'],
    ],
    ['sts', 'GetCallerIdentity', {}, []],
    ['sts', 'AssumeRoleWithWebIdentity', {}, []],
    [
      'ec2',
      'StopInstances',
      { InstanceIds: ['i-1', 'i-2'] },
      [`ec2:StopInstances ${ec2}:instance/i-1`, `ec2:StopInstances ${ec2}:instance/i-2`],
    ],
    [
      'ec2',
      'AttachVolume',
      { InstanceId: 'i-1', VolumeId: 'vol-1' },
      [`ec2:AttachVolume ${ec2}:instance/i-1`, `ec2:AttachVolume ${ec2}:volume/vol-1`],
    ],
    ['ec2', 'DescribeInstances', {}, ['ec2:DescribeInstances *']],
    ['ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' }, [`ec2:CreateVpc ${ec2}:vpc/*`]],
    [
      'rds',
      'DeleteDBInstance',
      { DBInstanceIdentifier: 'd' },
      ['rds:DeleteDBInstance arn:aws:rds:eu-west-1:123456789012:db:d'],
    ],
    ['eks', 'DescribeCluster', { name: 'c' }, ['eks:DescribeCluster arn:aws:eks:eu-west-1:123456789012:cluster/c']],
    ['ssm', 'GetParameter', { Name: '/a/b' }, ['ssm:GetParameter arn:aws:ssm:eu-west-1:123456789012:parameter/a/b']],
    [
      'secretsmanager',
      'GetSecretValue',
      { SecretId: 's' },
      ['secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-1:123456789012:secret:s'],
    ],
    [
      'logs',
      'CreateLogGroup',
      { logGroupName: '/g' },
      ['logs:CreateLogGroup arn:aws:logs:eu-west-1:123456789012:log-group:/g'],
    ],
    [
      'iot-data',
      'GetThingShadow',
      { thingName: 't' },
      ['iot:GetThingShadow arn:aws:iot:eu-west-1:123456789012:thing/t'],
    ],
    ['cloudcontrol', 'ListResources', { TypeName: 'AWS::S3::Bucket' }, ['cloudformation:ListResources *']],
    ['codecatalyst', 'ListSpaces', {}, []],
  ])('%s %s %j', async (service, operation, input, needs) => {
    expect(await needed(service, operation, input)).toEqual(needs)
  })

  test('unknown to the reference: its own name, on everything', async () => {
    const mapping = await mappingOf(await models!.operation('glue', 'CreateGlossary'), await models!.actions())
    expect(mapping.kind).toBe('unmapped')
    expect(permissionsFor(mapping, { Name: 'g' }, place)).toEqual([
      { action: 'glue:CreateGlossary', resource: '*', context: {} },
    ])
  })

  test('tags and members become condition keys', async () => {
    const mapping = await mappingOf(await models!.operation('secretsmanager', 'CreateSecret'), await models!.actions())
    const [permission] = permissionsFor(
      mapping,
      {
        Name: 's',
        Tags: [
          { Key: 'team', Value: 'a' },
          { Key: 'Env', Value: 'b' },
        ],
      },
      place,
    )
    expect(permission!.context).toMatchObject({
      'aws:requesttag/team': 'a',
      'aws:requesttag/Env': 'b',
      'aws:tagkeys': ['team', 'Env'],
      'secretsmanager:name': 's',
    })
  })
})

describe.skipIf(!built)('the table of exceptions', () => {
  test('names operations that exist, and actions the reference knows', async () => {
    const strays: string[] = []
    for (const [name, rows] of Object.entries(exceptions())) {
      const service = await models!.service(name)
      for (const operation of Object.keys(rows)) {
        if (!service.hasOperation(operation)) strays.push(`${name} has no ${operation}`)
        else {
          const mapping = await mappingOf(service.operation(operation), await models!.actions())
          for (const { prefix, name: action, known } of mapping.actions)
            if (!known) strays.push(`${name} ${operation}: ${prefix}:${action}`)
        }
      }
    }
    expect(strays).toEqual([])
  })

  test('nearly every operation is mapped', async () => {
    const count = { mapped: 0, open: 0, unmapped: 0 }
    for (const name of models!.serviceNames) {
      const service = await models!.service(name)
      for (const operation of service.operationNames)
        count[(await mappingOf(service.operation(operation), await models!.actions())).kind]++
    }
    const all = count.mapped + count.open + count.unmapped
    console.log(`operations: ${all}, mapped ${count.mapped}, open ${count.open}, unmapped ${count.unmapped}`)
    expect(count.unmapped / all).toBeLessThan(0.02)
  })
})

describe.skipIf(!built)('what only looks', () => {
  test.each<[string, string, boolean]>([
    ['s3', 'GetObject', true],
    ['s3', 'ListBuckets', true],
    ['s3', 'PutObject', false],
    ['s3', 'DeleteObjects', false],
    ['ec2', 'DescribeInstances', true],
    ['ec2', 'CreateTags', false],
    ['sts', 'GetCallerIdentity', true],
    ['sts', 'AssumeRole', false],
    ['iam', 'PutUserPolicy', false],
    ['iam', 'SimulatePrincipalPolicy', true],
    ['dynamodb', 'Query', true],
    ['dynamodb', 'ExecuteStatement', false],
    ['glue', 'CreateGlossary', false],
    ['glue', 'GetGlossary', false], // nothing is known of it
    ['lambda', 'Invoke', false],
    ['apigateway', 'GetRestApis', true],
    ['apigateway', 'CreateRestApi', false],
  ])('%s %s: %p', async (service, operation, expected) => {
    expect(await onlyLooks(await models!.operation(service, operation), await models!.actions())).toBe(expected)
  })
})
