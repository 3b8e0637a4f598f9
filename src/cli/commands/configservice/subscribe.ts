// AWS Config, set up: a bucket, a topic, a recorder and a channel called `default`.

import { AwsError } from '../../../lib/errors.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import type { Settings } from '../../../client/settings.ts'
import { bucketAndKey } from '../../../transfer/places.ts'
import { callWith, needed, settingsFor } from '../../clients.ts'
import { asciiJsonText } from '../../output/json.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'

export const subscribe = command({
  name: 'configservice subscribe',
  help:
    'Subscribes user to AWS Config by creating an AWS Config delivery channel and configuration recorder to track AWS ' +
    'resource configurations. Both will be called default.',
  arguments: {
    's3-bucket': {
      required: true,
      help: 'The S3 bucket for the delivery channel, as bucket/prefix; created where it is missing.',
    },
    'sns-topic': {
      required: true,
      help: 'The name of an SNS topic, which is created where it is missing, or the ARN of one.',
    },
    'iam-role': { required: true, help: 'The ARN of the IAM role that the configuration recorder will use.' },
  },
  run: async (given, context) => {
    // --endpoint-url is for AWS Config alone.
    const others = settingsFor(await context.settings(), { endpointUrl: 'configured' })
    const { bucket, key } = await preparedBucket(given['s3-bucket'] as string, others, context)
    const snsTopicARN = await preparedTopic(given['sns-topic'] as string, others, context)
    const name = 'default'
    const config = (operation: string, input: Structure): Promise<Structure> => context.call('config', operation, input)
    await config('PutConfigurationRecorder', { ConfigurationRecorder: { name, roleARN: given['iam-role'] } })
    await config('PutDeliveryChannel', {
      DeliveryChannel: { name, s3BucketName: bucket, snsTopicARN, ...(key === '' ? {} : { s3KeyPrefix: key }) },
    })
    await config('StartConfigurationRecorder', { ConfigurationRecorderName: name })

    const recorders = await config('DescribeConfigurationRecorders', {})
    context.write('Subscribe succeeded:\n\nConfiguration Recorders: ')
    context.write(`${asciiJsonText(needed<Value>(recorders, 'ConfigurationRecorders'))}\n\n`)
    const channels = await config('DescribeDeliveryChannels', {})
    context.write(`Delivery Channels: ${asciiJsonText(needed<Value>(channels, 'DeliveryChannels'))}\n`)
    return 0
  },
})

async function preparedBucket(
  path: string,
  settings: Settings,
  { write }: Context,
): Promise<{ bucket: string; key: string }> {
  const place = bucketAndKey(path)
  const { bucket } = place
  try {
    await callWith(settings, 's3', 'HeadBucket', { Bucket: bucket })
    write(`Using existing S3 bucket: ${bucket}\n`)
    return place
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    if (error.status !== 404) {
      write(`Using existing S3 bucket: ${bucket}\n`)
      return place
    }
  }
  const { region } = settings
  const where = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region } }
  await callWith(settings, 's3', 'CreateBucket', { Bucket: bucket, ...where })
  write(`Using new S3 bucket: ${bucket}\n`)
  return place
}

async function preparedTopic(topic: string, settings: Settings, { write }: Context): Promise<string> {
  // Only ARNs have colons.
  if (topic.includes(':')) {
    write(`Using existing SNS topic: ${topic}\n`)
    return topic
  }
  const { TopicArn } = await callWith(settings, 'sns', 'CreateTopic', { Name: topic })
  write(`Using new SNS topic: ${TopicArn as string}\n`)
  return TopicArn as string
}
