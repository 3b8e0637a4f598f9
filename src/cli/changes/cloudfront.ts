// CloudFront: paths to invalidate and the simplest distribution without writing its configuration.

import type { Structure } from '../../lib/value.ts'
import { refused } from './change.ts'
import type { CommandChange, ServiceChanges } from './change.ts'

function uniqueText(prefix: string, now: Date): string {
  return `${prefix}-${Math.floor(now.getTime() / 1000)}-${1 + Math.floor(Math.random() * 1_000_000)}`
}

const createInvalidation: CommandChange = {
  optional: ['invalidation-batch'],
  exclusive: [[['invalidation-batch'], ['paths']]],
  add: { paths: { nargs: '+', help: 'The paths to be invalidated; instead of --invalidation-batch.' } },
  input: (input, given, { clock }) => {
    if (given.paths === undefined) return
    const paths = given.paths as string[]
    input.InvalidationBatch = {
      CallerReference: uniqueText('cli', clock()),
      Paths: { Quantity: paths.length, Items: paths },
    }
  },
}

const createDistribution: CommandChange = {
  optional: ['distribution-config'],
  exclusive: [[['default-root-object', 'origin-domain-name'], ['distribution-config']]],
  add: {
    'origin-domain-name': { help: 'The domain name of your origin; instead of --distribution-config.' },
    'default-root-object': { help: 'The object returned for the root URL; instead of --distribution-config.' },
  },
  input: (input, given, { clock }) => {
    const name = given['origin-domain-name'] as string | undefined
    const root = given['default-root-object']
    if (name === undefined && root === undefined) return
    const config = distributionTemplate(clock())
    input.DistributionConfig = config
    if (name !== undefined) setOrigin(config, name, clock())
    if (root !== undefined) config.DefaultRootObject = root
  },
}

function distributionTemplate(now: Date): Structure {
  return {
    CallerReference: uniqueText('cli', now),
    Origins: { Quantity: 0, Items: [] },
    DefaultCacheBehavior: {
      TargetOriginId: 'placeholder',
      ForwardedValues: { QueryString: false, Cookies: { Forward: 'none' } },
      TrustedSigners: { Enabled: false, Quantity: 0 },
      ViewerProtocolPolicy: 'allow-all',
      MinTTL: 0,
    },
    Enabled: true,
    Comment: '',
  }
}

function setOrigin(config: Structure, name: string, now: Date): void {
  const id = uniqueText(name, now)
  const kind = name.endsWith('.s3.amazonaws.com')
    ? { S3OriginConfig: { OriginAccessIdentity: '' } }
    : { CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' } }
  config.Origins = { Quantity: 1, Items: [{ Id: id, DomainName: name, OriginPath: '', ...kind }] }
  ;(config.DefaultCacheBehavior as Structure).TargetOriginId = id
}

/** The rest of the configuration is fetched and kept. */
const updateDistribution: CommandChange = {
  optional: ['distribution-config'],
  exclusive: [[['default-root-object'], ['distribution-config']]],
  add: { 'default-root-object': { help: 'The object returned for the root URL; the other settings are kept.' } },
  input: async (input, given, { call }) => {
    if (given['default-root-object'] === undefined) return
    if (call === undefined) throw refused('--default-root-object needs a call')
    const current = await call('GetDistributionConfig', { Id: input.Id })
    input.IfMatch = current.ETag
    input.DistributionConfig = {
      ...(current.DistributionConfig as Structure),
      DefaultRootObject: given['default-root-object'],
    }
  },
}

export const cloudfront: ServiceChanges = {
  commands: {
    'create-distribution': createDistribution,
    'create-invalidation': createInvalidation,
    'update-distribution': updateDistribution,
  },
}
