// Filters, blocks and addresses, pages: tables, and laws.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { canonical, contains, formatAddress, overlaps, parseAddress, parseBlock, sizeOf } from './cidr.ts'
import { paged } from './describe.ts'
import { passing } from './filters.ts'
import { zonesOf } from './zones.ts'

const record = {
  VpcId: 'vpc-1',
  IsDefault: false,
  Size: 8,
  Attachments: [{ Device: '/dev/sda1' }, { Device: '/dev/sdb' }],
  Tags: [{ Key: 'Name', Value: 'a*b' }],
}
const known = {
  'vpc-id': 'VpcId',
  'is-default': 'IsDefault',
  size: 'Size',
  device: 'Attachments.Device',
  missing: 'No.Such',
}

describe('filters', () => {
  test.each<[string, string[], boolean]>([
    ['vpc-id', ['vpc-1'], true],
    ['vpc-id', ['vpc-2', 'vpc-1'], true],
    ['vpc-id', ['VPC-1'], false],
    ['vpc-id', ['vpc-?'], true],
    ['vpc-id', ['*-1'], true],
    ['vpc-id', ['vpc'], false],
    ['vpc-id', [], false],
    ['vpc-id', ['vpc.1'], false],
    ['isDefault', ['false'], true],
    ['is-default', ['true'], false],
    ['size', ['8'], true],
    ['device', ['/dev/sdb'], true],
    ['missing', ['*'], false],
    ['tag:Name', ['a\\*b'], true],
    ['tag:Name', ['a\\?b'], false],
    ['tag:Name', ['a*'], true],
    ['tag:name', ['*'], false],
    ['tag-key', ['N*'], true],
    ['tag-value', ['a?b'], true],
  ])('%s %j: %s', (Name, Values, expected) => {
    expect(passing([{ Name, Values }], known)(record)).toBe(expected)
  })

  test('stars do not multiply', () => {
    const Values = [`${'*a'.repeat(120)}b`]
    expect(passing([{ Name: 'vpc-id', Values }], known)({ VpcId: 'a'.repeat(5000) })).toBe(false)
  })

  test('all must pass', () => {
    const passes = passing(
      [
        { Name: 'size', Values: ['8'] },
        { Name: 'vpc-id', Values: ['x'] },
      ],
      known,
    )
    expect(passes(record)).toBe(false)
  })
})

describe('blocks', () => {
  test.each([
    ['10.0.0.1/16', '10.0.0.0/16'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['::1/64', '::/64'],
    ['2001:DB8:0:0:1:0:0:1/128', '2001:db8::1:0:0:1/128'],
    ['1:0:0:2:0:0:0:3/128', '1:0:0:2::3/128'],
    ['10.0.0.0/33', undefined],
    ['10.0.0/8', undefined],
    ['10.0.0.256/32', undefined],
    ['10.0.0.0', undefined],
    [':::/1', undefined],
    ['1:2:3:4:5:6:7:8:9/64', undefined],
    ['', undefined],
  ])('%s is %s', (text, expected) => {
    expect(canonical(text)).toBe(expected as string)
  })

  const block = fc
    .tuple(fc.bigInt(0n, 2n ** 32n - 1n), fc.integer({ min: 0, max: 32 }))
    .map(([address, length]) => parseBlock(`${formatAddress(address, 4)}/${length}`)!)

  test('overlapping is containing, one way or the other', () => {
    fc.assert(fc.property(block, block, (a, b) => overlaps(a, b) === (contains(a, b) || contains(b, a))))
  })

  test('addresses are read as they are written', () => {
    fc.assert(fc.property(fc.bigInt(0n, 2n ** 128n - 1n), (value) => parseAddress(formatAddress(value, 6)) === value))
    fc.assert(fc.property(fc.bigInt(0n, 2n ** 32n - 1n), (value) => parseAddress(formatAddress(value, 4)) === value))
  })

  test('a block is as large as its length says', () => {
    expect(sizeOf(parseBlock('10.0.0.0/24')!)).toBe(256n)
  })
})

test('pages hold everything once, in order, however large they are', () => {
  const rising = fc.uniqueArray(fc.nat(), { maxLength: 60 }).map((all) => all.sort((a, b) => a - b))
  fc.assert(
    fc.property(rising, fc.integer({ min: 5, max: 20 }), (orders, MaxResults) => {
      const items = orders.map((order) => ({ order }))
      const seen: number[] = []
      for (let NextToken: string | undefined, first = true; first || NextToken !== undefined; first = false) {
        const answer = paged(items, { MaxResults, ...(NextToken !== undefined && { NextToken }) }, [5, 1000])
        seen.push(...answer.page.map(({ order }) => order))
        NextToken = answer.NextToken
      }
      expect(seen).toEqual(orders)
    }),
  )
})

test.each([
  ['us-east-1', 'use1-az1', 6],
  ['eu-west-1', 'euw1-az1', 3],
  ['ap-southeast-2', 'apse2-az1', 3],
  ['us-gov-west-1', 'usgw1-az1', 3],
  ['ca-central-1', 'cac1-az1', 3],
  ['ap-northeast-1', 'apne1-az1', 3],
])('the zones of %s begin with %s', (region, id, count) => {
  const zones = zonesOf(region)
  expect([zones[0]!.id, zones.length]).toEqual([id, count])
})
