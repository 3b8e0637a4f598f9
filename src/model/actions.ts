// What does IAM know of a service's actions? AWS's Service Authorization Reference: for each action its access level,
// the resources it works on, the condition keys it has, and what else one must be allowed to do.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
//
// `scripts/actions.ts` compiles it to actions.bin, a block a service.

import { text } from '../lib/bytes.ts'
import { openArchive } from './archive.ts'
import type { Archive } from './archive.ts'
import type { ModelSource } from './source.ts'

export interface Actions {
  /** The prefixes that actions begin with: `s3`, `sts`, `states`. Not always the name of the service's API model. */
  readonly prefixes: readonly string[]
  /** Undefined for a prefix that is not known. Throws Failure('Model') for a damaged file. */
  service(prefix: string): Promise<ServiceActions | undefined>
  /** The keys that any request may have: `aws:SourceIp`. */
  globalConditionKeys(): Promise<readonly ConditionKey[]>
}

export interface ServiceActions {
  readonly prefix: string
  /** `AWS Security Token Service` */
  readonly title: string
  /** Whether resource control policies apply to it. */
  readonly resourceControlPolicies: boolean
  readonly actions: readonly Action[]
  readonly resources: readonly ResourceType[]
  readonly conditionKeys: readonly ConditionKey[]
  /** An action by its name without the prefix; the case does not matter, as in a policy. */
  action(name: string): Action | undefined
}

export const ACCESS_LEVELS = ['List', 'Read', 'Tagging', 'Write', 'Permissions management'] as const

export type AccessLevel = (typeof ACCESS_LEVELS)[number]

export interface Action {
  readonly name: string
  readonly accessLevel: AccessLevel
  /** Empty where only `*` can stand for the resource. */
  readonly resourceTypes: readonly ActionResource[]
  /** The keys that it has whatever the resource. */
  readonly conditionKeys: readonly string[]
  /** `iam:PassRole` */
  readonly dependentActions: readonly string[]
}

export interface ActionResource {
  readonly name: string
  /** Undefined where the reference names a resource that it does not describe. */
  readonly type: ResourceType | undefined
  readonly required: boolean
  readonly conditionKeys: readonly string[]
  readonly dependentActions: readonly string[]
}

export interface ResourceType {
  readonly name: string
  /** `arn:${Partition}:s3:::${BucketName}` */
  readonly arn: string
  readonly conditionKeys: readonly string[]
}

export interface ConditionKey {
  /** With variable parts as AWS writes them: `aws:RequestTag/${TagKey}`. */
  readonly key: string
  /** `String`, `ArrayOfString`, `ARN`, `Bool`, `Numeric`, `Date`, `IPAddress` … */
  readonly type: string
}

/**
 * A service as it is written in its block. Keys and actions stand in `strings` once and are numbers elsewhere; an
 * access level is its place in ACCESS_LEVELS.
 */
export interface ActionsBlock {
  readonly title: string
  readonly rcp: boolean
  readonly strings: readonly string[]
  readonly keys: readonly (readonly [key: string, type: string])[]
  readonly resources: readonly (readonly [name: string, arn: string, keys: readonly number[]])[]
  readonly actions: readonly WrittenAction[]
}

export type WrittenAction = readonly [
  name: string,
  level: number,
  keys: readonly number[],
  dependent: readonly number[],
  resources: readonly WrittenResource[],
]

type WrittenResource = readonly [name: string, required: 0 | 1, keys: readonly number[], dependent: readonly number[]]

/** The block of the global condition keys, which is no service. */
export const GLOBAL_KEYS = '.global'

/** Reads the index only. Throws Failure('Model') when the file is missing or not compiled actions. */
export async function openActions(source: ModelSource): Promise<Actions> {
  const archive = await openArchive(source, 'AC')
  const services = new Map<string, Promise<ServiceActions | undefined>>()
  return {
    get prefixes() {
      return archive.names.filter((name) => !name.startsWith('.'))
    },
    service(prefix) {
      let service = services.get(prefix)
      if (service === undefined) services.set(prefix, (service = readService(archive, prefix)))
      return service
    },
    async globalConditionKeys() {
      const block = await archive.read(GLOBAL_KEYS)
      return block === undefined ? [] : (JSON.parse(text(block)) as [string, string][]).map(conditionKey)
    },
  }
}

async function readService(archive: Archive, prefix: string): Promise<ServiceActions | undefined> {
  const bytes = prefix.startsWith('.') ? undefined : await archive.read(prefix)
  if (bytes === undefined) return undefined
  const block = JSON.parse(text(bytes)) as ActionsBlock
  const strings = (numbers: readonly number[]): string[] => numbers.map((number) => block.strings[number]!)
  const resources = block.resources.map(([name, arn, keys]) => ({ name, arn, conditionKeys: strings(keys) }))
  const types = new Map(resources.map((resource) => [resource.name, resource]))

  const actionFrom = ([name, level, keys, dependent, on]: WrittenAction): Action => ({
    name,
    accessLevel: ACCESS_LEVELS[level]!,
    conditionKeys: strings(keys),
    dependentActions: strings(dependent),
    resourceTypes: on.map(([resource, required, resourceKeys, resourceDependent]) => ({
      name: resource,
      type: types.get(resource),
      required: required === 1,
      conditionKeys: strings(resourceKeys),
      dependentActions: strings(resourceDependent),
    })),
  })
  let actions: readonly Action[] | undefined
  return {
    prefix,
    title: block.title,
    resourceControlPolicies: block.rcp,
    resources,
    conditionKeys: block.keys.map(conditionKey),
    get actions() {
      return (actions ??= block.actions.map(actionFrom))
    },
    action(name) {
      const wanted = name.toLowerCase()
      const written = block.actions.find(([candidate]) => candidate.toLowerCase() === wanted)
      return written && actionFrom(written)
    },
  }
}

function conditionKey([key, type]: readonly [string, string]): ConditionKey {
  return { key, type }
}
