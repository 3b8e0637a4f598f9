// Credentials for what runs in a container: the agents of ECS and of EKS Pod Identity, which clients find by
// AWS_CONTAINER_CREDENTIALS_FULL_URI.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html

import { hash } from '../../lib/hash.ts'
import { sameSecret, toHex, utf8 } from '../../lib/bytes.ts'
import type { HttpRequest, HttpResponse } from '../../http/message.ts'
import type { World } from '../world.ts'
import { deliverer, type Recipient } from './delivery.ts'
import { seconds } from './tree.ts'

export type Agent = 'ecs' | 'eks'

export interface Container {
  readonly account: string
  readonly region: string
  readonly role: string
  readonly roleArn: string
  readonly agent: Agent
}

export interface Door {
  /** `/v2/credentials/…` (ECS) or `/v1/credentials` (EKS). */
  readonly path: string
  /** What must stand in the Authorization header. ECS's own path is secret enough, but it takes one as well. */
  readonly token: string
  readonly handle: (request: HttpRequest) => Promise<HttpResponse>
}

export function containerCredentials(container: Container, world: World): Door {
  const secret = toHex(crypto.getRandomValues(new Uint8Array(16)))
  const token = toHex(crypto.getRandomValues(new Uint8Array(24)))
  const path = container.agent === 'ecs' ? `/v2/credentials/${uuid(secret)}` : '/v1/credentials'
  const deliver = deliverer(world)

  async function handle(request: HttpRequest): Promise<HttpResponse> {
    if (request.method !== 'GET') return refusal(405, 'MethodNotAllowed', 'only GET is allowed')
    if (request.path !== path) return refusal(404, 'InvalidCredentialsId', 'Credentials not found')
    const given = request.headers['authorization']
    if (container.agent === 'eks' && given === undefined)
      return refusal(401, 'MissingAuthenticationToken', 'Service account token cannot be empty')
    if (given !== undefined && !sameSecret(given, token))
      return refusal(401, 'AccessDenied', 'The authorization token is not valid')
    const delivered = await deliver(recipientOf(container))
    if (!delivered)
      return refusal(
        400,
        'AccessDeniedException',
        `The role ${container.roleArn} does not trust ${serviceOf[container.agent]}`,
      )
    return answer(200, {
      AccessKeyId: delivered.AccessKeyId,
      SecretAccessKey: delivered.SecretAccessKey,
      Token: delivered.SessionToken,
      Expiration: seconds(delivered.Expiration.getTime()),
      ...(container.agent === 'ecs' ? { RoleArn: container.roleArn } : { AccountId: container.account }),
    })
  }
  return { path, token, handle }
}

const serviceOf: Readonly<Record<Agent, string>> = { ecs: 'ecs-tasks.amazonaws.com', eks: 'pods.eks.amazonaws.com' }

function recipientOf({ account, role, agent, region }: Container): Recipient {
  const id = toHex(hash('sha256', `${account} ${role} task`)).slice(0, 32)
  return {
    account,
    role,
    service: serviceOf[agent],
    sessionName: agent === 'ecs' ? id : `eks-local-pod-${uuid(id)}`,
    // EKS tags the sessions it makes, and must be trusted to.
    actions: agent === 'ecs' ? ['sts:AssumeRole'] : ['sts:AssumeRole', 'sts:TagSession'],
    keys:
      agent === 'ecs'
        ? {}
        : {
            'aws:principaltag/eks-cluster-arn': `arn:aws:eks:${region}:${account}:cluster/local`,
            'aws:principaltag/eks-cluster-name': 'local',
            'aws:principaltag/kubernetes-namespace': 'default',
            'aws:principaltag/kubernetes-service-account': role,
          },
  }
}

/** 32 hexadecimal digits in groups. */
function uuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
}

function answer(status: number, value: object): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: utf8(JSON.stringify(value)) }
}

function refusal(status: number, code: string, message: string): HttpResponse {
  return answer(status, { code, message, Code: code, Message: message, HTTPErrorCode: status })
}
