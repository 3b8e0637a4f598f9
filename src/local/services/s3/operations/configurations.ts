// Configurations of a bucket that are kept as they were given: CORS, lifecycle, website, logging and their like.

import type { AwsError } from '../../../../lib/errors.ts'
import { hostedWebsite } from '../website-rules.ts'
import type { CorsRule } from '../cors.ts'
import { invalidRequest, malformedXml, s3Error } from '../errors.ts'
import { dayOf } from '../lifecycle.ts'
import { logTargetOf } from '../log-targets.ts'
import { checkedRules } from '../lifecycle-rules.ts'
import { checkedReplication } from '../replication-rules.ts'
import type { S3Handler } from '../state.ts'

const missing = (code: string, message: string, BucketName: string): AwsError =>
  s3Error(404, code, message, { BucketName })

const methods = ['GET', 'PUT', 'HEAD', 'POST', 'DELETE']

export const putBucketCors: S3Handler = ({ Bucket: name, CORSConfiguration }, { state }) => {
  const rules: CorsRule[] = CORSConfiguration?.CORSRules ?? []
  if (rules.length === 0 || rules.length > 100) throw malformedXml()
  for (const { AllowedMethods, AllowedOrigins, AllowedHeaders = [] } of rules) {
    if (!AllowedMethods?.length || !AllowedOrigins?.length) throw malformedXml()
    const unknown = AllowedMethods.find((method) => !methods.includes(method))
    if (unknown !== undefined)
      throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`)
    for (const [element, values] of [
      ['AllowedOrigin', AllowedOrigins],
      ['AllowedHeader', AllowedHeaders],
    ] as const) {
      const wild = values.find((value) => value.split('*').length > 2)
      if (wild !== undefined) throw invalidRequest(`${element} "${wild}" can not have more than one wildcard.`)
    }
  }
  state.updateBucket(name, { cors: true })
  state.putConfiguration(name, 'cors', CORSConfiguration)
}

export const getBucketCors: S3Handler = ({ Bucket: name }, { state }) => {
  const found = state.configuration<object>(name, 'cors')
  if (!found) throw missing('NoSuchCORSConfiguration', 'The CORS configuration does not exist', name)
  return found
}

export const deleteBucketCors: S3Handler = ({ Bucket: name }, { state }) => {
  const { cors: _gone, ...bucket } = state.bucket(name)
  state.putBucket(bucket)
  state.deleteConfiguration(name, 'cors')
}

const smallest = 'all_storage_classes_128K'

export const putBucketLifecycleConfiguration: S3Handler = (input, { state, clock }) => {
  const { Bucket: name, LifecycleConfiguration, TransitionDefaultMinimumObjectSize: size = smallest } = input
  if (size !== smallest && size !== 'varies_by_storage_class')
    throw invalidRequest(`Invalid TransitionDefaultMinimumObjectSize found: ${size}`)
  const rules = checkedRules(LifecycleConfiguration?.Rules)
  state.updateBucket(name, { lifecycleDay: dayOf(clock().getTime()) })
  state.putConfiguration(name, 'lifecycle', { Rules: rules, TransitionDefaultMinimumObjectSize: size })
  return { TransitionDefaultMinimumObjectSize: size }
}

export const getBucketLifecycleConfiguration: S3Handler = ({ Bucket: name }, { state }) => {
  const found = state.configuration<object>(name, 'lifecycle')
  if (!found) throw missing('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', name)
  return found
}

export const deleteBucketLifecycle: S3Handler = ({ Bucket: name }, { state }) => {
  const { lifecycleDay: _gone, ...bucket } = state.bucket(name)
  state.putBucket(bucket)
  state.deleteConfiguration(name, 'lifecycle')
}

export const putBucketWebsite: S3Handler = ({ Bucket: name, WebsiteConfiguration }, { state }) => {
  state.bucket(name)
  state.putConfiguration(name, 'website', hostedWebsite(WebsiteConfiguration))
}

export const getBucketWebsite: S3Handler = ({ Bucket: name }, { state }) => {
  const found = state.configuration<object>(name, 'website')
  if (!found)
    throw missing('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration', name)
  return found
}

export const deleteBucketWebsite: S3Handler = ({ Bucket: name }, { state }) =>
  void state.deleteConfiguration(name, 'website')

export const putBucketLogging: S3Handler = ({ Bucket: name, BucketLoggingStatus }, { state }) => {
  const { logs: _before, ...bucket } = state.bucket(name)
  const enabled = BucketLoggingStatus?.LoggingEnabled
  if (!enabled) {
    state.putBucket(bucket)
    return void state.deleteConfiguration(name, 'logging')
  }
  state.putBucket({ ...bucket, logs: logTargetOf(enabled, bucket, state) })
  state.putConfiguration(name, 'logging', { LoggingEnabled: enabled })
}

export const getBucketLogging: S3Handler = ({ Bucket: name }, { state }) =>
  state.configuration<object>(name, 'logging') ?? {}

export const putBucketRequestPayment: S3Handler = ({ Bucket: name, RequestPaymentConfiguration }, { state }) => {
  const payer = RequestPaymentConfiguration?.Payer
  if (payer !== 'Requester' && payer !== 'BucketOwner') throw malformedXml()
  const { requesterPays: _before, ...bucket } = state.bucket(name)
  state.putBucket({ ...bucket, ...(payer === 'Requester' && { requesterPays: true as const }) })
}

export const getBucketRequestPayment: S3Handler = ({ Bucket: name }, { state }) => ({
  Payer: state.bucket(name).requesterPays ? 'Requester' : 'BucketOwner',
})

export const putBucketAccelerateConfiguration: S3Handler = ({ Bucket: name, AccelerateConfiguration }, { state }) => {
  const status = AccelerateConfiguration?.Status
  if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml()
  if (name.includes('.'))
    throw invalidRequest('S3 Transfer Acceleration is not supported for buckets with periods (.) in their names')
  state.putConfiguration(name, 'accelerate', { Status: status })
}

export const getBucketAccelerateConfiguration: S3Handler = ({ Bucket: name }, { state }) =>
  state.configuration<object>(name, 'accelerate') ?? {}

export const putBucketReplication: S3Handler = ({ Bucket: name, ReplicationConfiguration }, { state }) => {
  const configuration = checkedReplication(ReplicationConfiguration, state.bucket(name), state)
  state.updateBucket(name, { replicates: true })
  state.putConfiguration(name, 'replication', configuration)
}

export const getBucketReplication: S3Handler = ({ Bucket: name }, { state }) => {
  const found = state.configuration<object>(name, 'replication')
  if (!found)
    throw missing('ReplicationConfigurationNotFoundError', 'The replication configuration was not found', name)
  return { ReplicationConfiguration: found }
}

export const deleteBucketReplication: S3Handler = ({ Bucket: name }, { state }) => {
  const { replicates: _gone, ...bucket } = state.bucket(name)
  state.putBucket(bucket)
  state.deleteConfiguration(name, 'replication')
}
