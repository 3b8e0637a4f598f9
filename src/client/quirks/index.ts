// What does a service want that its model does not say? One file a service, each quirk with its reason.
// Loaded only for the services that have some.

import type { AwsError } from '../../lib/errors.ts'
import type { Structure } from '../../lib/value.ts'
import type { HttpResponse } from '../../http/message.ts'
import type { Operation } from '../../model/model.ts'
import type { RequestMessage } from '../../wire/protocol.ts'
import type { Endpoint } from '../endpoint/resolve.ts'
import type { Settings } from '../settings.ts'

/** The call a quirk sees. */
export interface Exchange {
  readonly operation: Operation
  /** As the caller gave it, before any quirk. */
  readonly given: Structure
  readonly settings: Settings
}

/** Each hook answers its first argument, changed or not; where it stands in the order of things is seen in call.ts. */
export interface Quirks {
  /** Before the input is checked and written. May change `input` in place: it is a copy, one level deep. */
  input?(input: Structure, exchange: Exchange): Structure | Promise<Structure>
  /** After the request is written; `input` as it was written. The host is not known yet. */
  request?(message: RequestMessage, exchange: Exchange & { input: Structure }): RequestMessage | Promise<RequestMessage>
  /** With which the endpoint is looked up: another region, known from an earlier call. */
  settings?(settings: Settings, exchange: Exchange & { input: Structure }): Settings
  /** After the endpoint was looked up: another host, other credentials. `settings` as they were for that. */
  endpoint?(endpoint: Endpoint, exchange: Exchange & { input: Structure }): Endpoint | Promise<Endpoint>
  /** Before the response is judged by its status. */
  response?(response: HttpResponse, exchange: Exchange): HttpResponse | Promise<HttpResponse>
  output?(output: Structure, exchange: Exchange & { response: HttpResponse }): Structure | Promise<Structure>
  error?(error: AwsError, exchange: Exchange & { response: HttpResponse }): AwsError
  /**
   * After all attempts failed: settings with which the whole call is made once more (another region, a fresh
   * endpoint), or undefined. Asked once a call.
   */
  secondTry?(error: AwsError, exchange: Exchange & { endpoint: Endpoint }): Promise<Settings | undefined>
}

const services: Readonly<Record<string, () => Promise<Quirks>>> = {
  apigateway: async () => (await import('./apigateway.ts')).apigateway,
  autoscaling: async () => (await import('./user-data.ts')).autoscaling,
  cloudformation: async () => (await import('./cloudformation.ts')).cloudformation,
  cloudsearchdomain: async () => (await import('./cloudsearchdomain.ts')).cloudsearchdomain,
  docdb: async () => (await import('./rds.ts')).rds,
  dynamodb: async () => (await import('./dynamodb.ts')).dynamodb,
  ec2: async () => (await import('./ec2.ts')).ec2,
  glacier: async () => (await import('./glacier.ts')).glacier,
  iam: async () => (await import('./iam.ts')).iam,
  logs: async () => (await import('./logs.ts')).logs,
  machinelearning: async () => (await import('./machinelearning.ts')).machinelearning,
  neptune: async () => (await import('./rds.ts')).rds,
  rds: async () => (await import('./rds.ts')).rds,
  route53: async () => (await import('./route53.ts')).route53,
  s3: async () => (await import('./s3.ts')).s3,
  s3control: async () => (await import('./s3control.ts')).s3control,
  'sso-oidc': async () => (await import('./sso-oidc.ts')).ssoOidc,
  'timestream-query': async () => (await import('./endpoint-discovery.ts')).endpointDiscovery,
  'timestream-write': async () => (await import('./endpoint-discovery.ts')).endpointDiscovery,
}

/** By the service's model name. */
export async function quirksOf(service: string): Promise<Quirks | undefined> {
  return Object.hasOwn(services, service) ? services[service]!() : undefined
}
