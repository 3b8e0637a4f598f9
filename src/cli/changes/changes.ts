// Which services does the command line change beyond names? Each file is read only when its service is used.

import type { ServiceChanges } from './change.ts'

/** By the service's command. */
const changes: Readonly<Record<string, () => Promise<ServiceChanges>>> = {
  cloudfront: async () => (await import('./cloudfront.ts')).cloudfront,
  cloudsearch: async () => (await import('./cloudsearch.ts')).cloudsearch,
  cloudwatch: async () => (await import('./cloudwatch.ts')).cloudwatch,
  configservice: async () => (await import('./small.ts')).configservice,
  datapipeline: async () => (await import('./datapipeline.ts')).datapipeline,
  deploy: async () => (await import('./deploy.ts')).deploy,
  ec2: async () => (await import('./ec2.ts')).ec2,
  ecs: async () => (await import('./small.ts')).ecs,
  elb: async () => (await import('./small.ts')).elb,
  emr: async () => (await import('./emr.ts')).emr,
  firehose: async () => (await import('./small.ts')).firehose,
  iam: async () => (await import('./outfiles.ts')).iam,
  iot: async () => (await import('./outfiles.ts')).iot,
  kinesis: async () => (await import('./small.ts')).kinesis,
  lambda: async () => (await import('./blobs.ts')).lambda,
  quicksight: async () => (await import('./blobs.ts')).quicksight,
  rds: async () => (await import('./small.ts')).rds,
  rekognition: async () => (await import('./blobs.ts')).rekognition,
  s3api: async () => (await import('./small.ts')).s3api,
  ses: async () => (await import('./ses.ts')).ses,
  ssm: async () => (await import('./small.ts')).ssm,
  translate: async () => (await import('./blobs.ts')).translate,
  workspaces: async () => (await import('./small.ts')).workspaces,
}

export async function changesOf(service: string): Promise<ServiceChanges> {
  return Object.hasOwn(changes, service) ? changes[service]!() : {}
}
