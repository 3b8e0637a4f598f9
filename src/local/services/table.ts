// Which services are built? Each is loaded when it is first called.

import type { World } from '../world.ts'

export const services: World['services'] = {
  cloudwatch: async () => (await import('./cloudwatch/service.ts')).cloudwatch,
  dynamodb: async () => (await import('./dynamodb/service.ts')).dynamodb,
  dynamodbstreams: async () => (await import('./dynamodb/streams/service.ts')).dynamodbStreams,
  ec2: async () => (await import('./ec2/service.ts')).ec2,
  iam: async () => (await import('./iam/service.ts')).iam,
  organizations: async () => (await import('./organizations/service.ts')).organizations,
  s3: async () => (await import('./s3/service.ts')).s3,
  s3control: async () => (await import('./s3/control/service.ts')).s3control,
  'service-quotas': async () => (await import('./service-quotas/service.ts')).serviceQuotas,
  sns: async () => (await import('./sns/service.ts')).sns,
  sqs: async () => (await import('./sqs/service.ts')).sqs,
  sts: async () => (await import('./sts/service.ts')).sts,
  support: async () => (await import('./support/service.ts')).support,
}
