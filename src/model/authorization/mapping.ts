// Which IAM actions does an operation need? The one of its own name, the exceptions of `operation-actions.ts`, or HTTP
// verbs (API Gateway); an operation of which nothing is known needs the action of its own name all the same.

import type { Structure } from '../../lib/value.ts'
import type { AccessLevel, Action, Actions, ServiceActions } from '../actions.ts'
import type { Operation, Service } from '../model.ts'
import { actsThoughRead } from './acting-reads.ts'
import { byVerb, exceptions, prefixes } from './operation-actions.ts'

export interface NeededAction {
  /** `s3` */
  readonly prefix: string
  /** `GetObject`, in the reference's spelling */
  readonly name: string
  /** What the reference says of it; undefined where it has no such action. */
  readonly known: Action | undefined
}

export interface Mapping {
  /**
   * `open`: nobody need be allowed (sts:GetCallerIdentity, unsigned operations). `unmapped`: the reference does not know
   * the operation, and its own name is asked for.
   */
  readonly kind: 'mapped' | 'open' | 'unmapped'
  /** The prefix of the service's own actions. */
  readonly prefix: string
  /** Where actions are HTTP verbs, the resource is the path that is called: `/restapis/{restapi_id}`, by member names. */
  readonly path?: string
  /** Every action the operation may need. */
  readonly actions: readonly NeededAction[]
  /** Those that this input needs. */
  of(input: Structure): readonly NeededAction[]
}

const mappings = new WeakMap<Actions, Map<string, Promise<Mapping>>>()

/** Remembered for each operation. */
export function mappingOf(operation: Operation, actions: Actions): Promise<Mapping> {
  let known = mappings.get(actions)
  if (!known) mappings.set(actions, (known = new Map()))
  const name = `${operation.service.name}.${operation.name}`
  let mapping = known.get(name)
  if (!mapping) known.set(name, (mapping = makeMapping(operation, actions)))
  return mapping
}

/** The prefix of a service's actions: `cloudwatch` for the service that signs as `monitoring`. */
export function prefixOf(service: Service, actions: Actions): string {
  const { signingName, endpointPrefix } = service.metadata
  const signsAs = signingName ?? endpointPrefix
  const candidates = [prefixes[service.name], signsAs, endpointPrefix, service.name]
  return candidates.find((each) => each !== undefined && actions.prefixes.includes(each)) ?? signsAs
}

async function makeMapping(operation: Operation, actions: Actions): Promise<Mapping> {
  const { service, name } = operation
  const prefix = prefixOf(service, actions)
  const own = await actions.service(prefix)
  const row = isOpen(operation) ? [] : exceptionFor(operation, own)
  if (row === undefined) {
    const known = own?.action(name)
    return fixed(known ? 'mapped' : 'unmapped', prefix, [{ prefix, name: known?.name ?? name, known }])
  }
  const { actions: names, of } = 'actions' in row ? row : { actions: row, of: undefined }
  const needed = await Promise.all(names.map((each) => neededAction(each, prefix, actions)))
  if (needed.length === 0) return fixed('open', prefix, [])
  if (isVerb(names[0]!)) return { ...fixed('mapped', prefix, needed), path: pathOf(operation) }
  if (of === undefined) return fixed('mapped', prefix, needed)
  return {
    kind: 'mapped',
    prefix,
    actions: needed,
    of: (input) => of(input).map((each) => needed[names.indexOf(each)]!),
  }
}

function fixed(kind: Mapping['kind'], prefix: string, actions: readonly NeededAction[]): Mapping {
  return { kind, prefix, actions, of: () => actions }
}

/** Operations that nobody signs, or that are proved by a bearer's token, are not IAM's. */
function isOpen({ service, traits }: Operation): boolean {
  if (traits.authtype === 'none' || traits.authtype === 'bearer') return true
  if (traits.authtype === undefined && service.metadata.signatureVersion === 'bearer') return true
  const auth = traits.auth ?? (traits.authtype === undefined ? service.metadata.auth : undefined)
  return auth?.length === 1 && (auth[0] === 'smithy.api#noAuth' || auth[0] === 'smithy.api#httpBearerAuth')
}

function exceptionFor({ service, name, http }: Operation, own: ServiceActions | undefined) {
  const row = exceptions()[service.name]?.[name]
  if (row !== undefined) return row
  if (byVerb.includes(service.name) && own?.action(name) === undefined) return [http.method]
  return undefined
}

function isVerb(name: string): boolean {
  return /^[A-Z]+$/.test(name)
}

/** The request's path with the members' names in it; API Gateway's second version is not told from the first. */
function pathOf({ http, input }: Operation): string {
  const members = new Map((input?.shape.members ?? []).map(({ name, traits }) => [traits.locationName ?? name, name]))
  const path = http.requestUri.split('?', 1)[0]!.replace(/^\/v2(?=\/)/, '')
  return path.replace(/\{([^}]+?)\+?\}/g, (_, label: string) => `{${members.get(label) ?? label}}`)
}

/** `GetObject`, or `s3express:CreateSession` for another service's. */
async function neededAction(written: string, own: string, actions: Actions): Promise<NeededAction> {
  const colon = written.indexOf(':')
  const prefix = colon < 0 ? own : written.slice(0, colon)
  const name = written.slice(colon + 1)
  const known = (await actions.service(prefix))?.action(name)
  return { prefix, name: known?.name ?? name, known }
}

const CHANGES_NOTHING: readonly AccessLevel[] = ['List', 'Read']

/**
 * Whether the operation only looks: each of its actions is List or Read by the reference, and it is none of the few that
 * act all the same. What is not known is not so.
 */
export async function onlyLooks(operation: Operation, actions: Actions): Promise<boolean> {
  if (actsThoughRead(operation.service.name, operation.name)) return false
  const mapping = await mappingOf(operation, actions)
  if (mapping.kind === 'open') return operation.service.name === 'sts' || /^(Get|List|Describe)/.test(operation.name)
  return mapping.actions.every(({ known }) => known !== undefined && CHANGES_NOTHING.includes(known.accessLevel))
}
