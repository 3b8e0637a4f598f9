// `ecs deploy`: a new task definition goes to a service through CodeDeploy: registered, put into the appspec, deployed,
// waited for.

import { readFileSync } from 'node:fs'
import { AwsError, Failure } from '../../../lib/errors.ts'
import { sha256Hex } from '../../../lib/hash.ts'
import { stringifyPython } from '../../../lib/json.ts'
import { isStructure } from '../../../lib/value.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import type { Settings } from '../../../client/settings.ts'
import { wait } from '../../../client/wait.ts'
import { callWith, settingsFor } from '../../clients.ts'
import { JsonError, jsonValue } from '../../input/json.ts'
import { expandPath, pythonError } from '../../input/param-file.ts'
import { serviceErrorText } from '../../report.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'

export const deploy = command({
  name: 'ecs deploy',
  help:
    'Deploys a new task definition to the specified ECS service. Only services that use CodeDeploy for deployments are ' +
    'supported. Waits until the deployment has succeeded: 30 minutes, or ten more than the deployment group waits, six ' +
    'hours at most.',
  arguments: {
    service: { required: true, help: 'The short name or full ARN of the service to update.' },
    'task-definition': {
      required: true,
      help: 'The path of your task definition, as register-task-definition takes it.',
    },
    'codedeploy-appspec': { required: true, help: 'The path of your CodeDeploy appspec, JSON or YAML.' },
    cluster: { help: 'The short name or full ARN of the cluster. The default is the cluster "default".' },
    'codedeploy-application': { help: 'The CodeDeploy application. The default is AppECS-CLUSTER-SERVICE.' },
    'codedeploy-deployment-group': { help: 'The deployment group. The default is DgpECS-CLUSTER-SERVICE.' },
  },
  run: deployed,
})

async function deployed(given: GivenWords, context: Context): Promise<number> {
  const { env } = context.outside
  const definition = definitionIn(contentOf(given['task-definition'] as string, env))
  const appspec = await appspecIn(contentOf(given['codedeploy-appspec'] as string, env))
  const settings = await context.settings()
  // --endpoint-url is that of ECS.
  const codeDeploy = settingsFor(settings, { endpointUrl: 'configured' })

  const service = await serviceOf(given, settings)
  const names = namesOf(given, service)
  const minutes = await waitOf(names, service, codeDeploy)
  const { taskDefinition } = await told('register ECS task definition', () =>
    callWith(settings, 'ecs', 'RegisterTaskDefinition', definition),
  )
  const arn = (taskDefinition as Structure).taskDefinitionArn as string
  context.write(`Successfully registered new ECS task definition ${arn}\n`)
  setTaskDefinition(appspec, arn)
  const content = stringifyPython(appspec)
  const { deploymentId } = await told('create deployment', () =>
    callWith(codeDeploy, 'codedeploy', 'CreateDeployment', {
      ...names,
      revision: { revisionType: 'AppSpecContent', appSpecContent: { content, sha256: sha256Hex(content) } },
    }),
  )
  context.write(`Successfully created deployment ${deploymentId as string}\n`)
  context.write(`Waiting for ${deploymentId as string} to succeed (will wait up to ${minutes} minutes)...\n`)
  const models = await context.outside.models.service('codedeploy')
  const pace = { delay: EVERY, maxAttempts: (minutes * 60) / EVERY }
  await wait(models, 'DeploymentSuccessful', { deploymentId: deploymentId! }, codeDeploy, pace)
  context.write(`Successfully deployed ${arn} to service '${service.serviceName as string}'\n`)
  return 0
}

/** Seconds between two looks. */
const EVERY = 15
const minutesOf = { least: 30, most: 360, beyondConfigured: 10 }

function contentOf(path: string, env: Context['outside']['env']): string {
  const whole = expandPath(path, env)
  try {
    return readFileSync(whole, 'utf8')
  } catch (error) {
    throw refused(`Unable to load file at ${path}: ${pythonError(error, whole)}`)
  }
}

function definitionIn(text: string): Structure {
  try {
    return jsonValue(text) as Structure
  } catch (error) {
    throw error instanceof JsonError ? refused(error.message) : error
  }
}

async function appspecIn(text: string): Promise<Structure> {
  try {
    return jsonValue(text) as Structure
  } catch {
    const { yamlValue } = await import('../../input/yaml.ts')
    return yamlValue(text) as Structure
  }
}

async function serviceOf(given: GivenWords, settings: Settings): Promise<Structure> {
  const cluster = (given.cluster as string | undefined) ?? 'default'
  const asked = given.service as string
  const { services } = await told('describe ECS service', () =>
    callWith(settings, 'ecs', 'DescribeServices', { cluster, services: [asked] }),
  )
  const found = (services as Structure[])[0]
  if (found === undefined) throw refused(`Service '${asked}' not found in cluster '${cluster}'`)
  return found
}

interface Names extends Structure {
  readonly applicationName: string
  readonly deploymentGroupName: string
}

function clusterOf({ clusterArn }: Structure): string {
  return (clusterArn as string).split('/')[1] ?? ''
}

function namesOf(given: GivenWords, service: Structure): Names {
  const suffix = `${clusterOf(service).slice(0, 46)}-${(service.serviceName as string).slice(0, 46)}`
  return {
    applicationName: (given['codedeploy-application'] as string | undefined) ?? `AppECS-${suffix}`,
    deploymentGroupName: (given['codedeploy-deployment-group'] as string | undefined) ?? `DgpECS-${suffix}`,
  }
}

/** How long to wait, in minutes. Throws where CodeDeploy would deploy something else. */
async function waitOf(names: Names, service: Structure, settings: Settings): Promise<number> {
  const { applicationName, deploymentGroupName } = names
  const { application } = await told('describe Code Deploy application', () =>
    callWith(settings, 'codedeploy', 'GetApplication', { applicationName }),
  )
  const { deploymentGroupInfo } = await told('describe Code Deploy deployment group', () =>
    callWith(settings, 'codedeploy', 'GetDeploymentGroup', { ...names }),
  )
  const group = deploymentGroupInfo as Structure
  requireEcs('Application', applicationName, application as Structure)
  requireEcs('Deployment Group', deploymentGroupName, group)
  for (const { serviceName, clusterName } of (group.ecsServices ?? []) as Structure[]) {
    const missing =
      serviceName !== service.serviceName && serviceName !== service.serviceArn
        ? `service '${service.serviceName as string}'`
        : clusterName !== clusterOf(service) && clusterName !== service.clusterArn
          ? `cluster '${clusterOf(service)}'`
          : undefined
    if (missing !== undefined) throw refused(`deployment group '${deploymentGroupName}' does not target ECS ${missing}`)
  }
  const { deploymentReadyOption, terminateBlueInstancesOnDeploymentSuccess } =
    group.blueGreenDeploymentConfiguration as Record<string, Structure>
  const configured =
    Number(deploymentReadyOption!.waitTimeInMinutes) +
    Number(terminateBlueInstancesOnDeploymentSuccess!.terminationWaitTimeInMinutes)
  return Math.min(minutesOf.most, Math.max(minutesOf.least, configured + minutesOf.beyondConfigured))
}

function requireEcs(resource: string, name: string, { computePlatform }: Structure): void {
  if (computePlatform !== 'ECS') throw refused(`${resource} '${name}' must support 'ECS' compute platform`)
}

/** Into every resource: `resources: [{NAME: {properties: {taskDefinition: …}}}]`, whatever the case of the words. */
function setTaskDefinition(appspec: Structure, arn: string): void {
  const resources = appspec[keyIn('codedeploy-appspec', appspec, 'resources')]
  for (const resource of resources as Structure[]) {
    for (const [name, content] of Object.entries(resource)) {
      const key = keyIn(name, content, 'properties')
      const properties = (content as Structure)[key] as Structure
      properties[keyIn(key, properties, 'taskDefinition')] = arn
    }
  }
}

function keyIn(resource: string, value: Value | undefined, name: string): string {
  const key = isStructure(value)
    ? Object.keys(value).find((each) => each.toLowerCase() === name.toLowerCase())
    : undefined
  if (key === undefined) throw refused(`Resource '${resource}' must include property '${name}'`)
  return key
}

async function told(action: string, act: () => Promise<Structure>): Promise<Structure> {
  try {
    return await act()
  } catch (error) {
    throw error instanceof AwsError ? refused(`Failed to ${action}:\n${serviceErrorText(error)}`) : error
  }
}

function refused(message: string): Failure {
  return new Failure('InvalidValue', message)
}
