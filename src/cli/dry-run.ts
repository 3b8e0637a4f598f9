// `--dry-run` where the operation itself has none, `--plan` everywhere: the call is made ready to the last byte, and then not
// sent. IAM is asked instead whether it would be allowed: the local AWS by its own engine, AWS by SimulatePrincipalPolicy.
// A plan tells besides what the call would change, and with which input.

import { AwsError, Failure } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import type { HttpRequest } from '../http/message.ts'
import { call } from '../client/call.ts'
import type { Settings } from '../client/settings.ts'
import { mappingOf, onlyLooks } from '../model/authorization/mapping.ts'
import { permissionsFor, type NeededPermission } from '../model/authorization/resources.ts'
import type { Operation } from '../model/model.ts'
import { EXIT } from './exit-codes.ts'
import { withoutSecrets } from './secrets.ts'
import { commandOfService } from './services.ts'
import type { Session } from './session.ts'

/** Shows what would happen. Returns 0 where the call would be allowed, 254 where it would be denied. */
export async function rehearse(
  operation: Operation,
  input: Structure,
  session: Session,
  how: 'dry-run' | 'plan',
): Promise<number> {
  const told = how === 'plan' ? await planOf(operation, input, session) : await dryRunOf(operation, input, session)
  await session.show(operation.name, told)
  return told.Allowed ? EXIT.ok : EXIT.service
}

/** Whether the call would be allowed, by whom it was decided, and the request that was not sent. */
async function rehearsed(operation: Operation, input: Structure, session: Session): Promise<Shown> {
  const settings = { ...(await session.settings()), refuse: undefined }
  return isLocal(operation, settings)
    ? askLocal(operation, input, settings)
    : askIam(operation, input, settings, session)
}

async function dryRunOf(operation: Operation, input: Structure, session: Session): Promise<Shown> {
  return { DryRun: true, Operation: operation.name, ...(await rehearsed(operation, input, session)) }
}

/** The plan of a call, as `--plan` shows it. */
export async function planOf(operation: Operation, input: Structure, session: Session): Promise<Shown> {
  const shown = await rehearsed(operation, input, session)
  return { Plan: true, ...(await plannedOf(operation, input, session)), ...shown }
}

async function plannedOf(operation: Operation, input: Structure, { outside }: Session): Promise<Structure> {
  const actions = await outside.models.actions()
  const { actions: needed } = await mappingOf(operation, actions)
  return {
    Service: commandOfService(operation.service.name),
    Operation: operation.name,
    Changes: !(await onlyLooks(operation, actions)),
    Access: needed.map(({ prefix, name, known }) => `${prefix}:${name} (${known?.accessLevel ?? 'not known'})`),
    Input: withoutSecrets(operation.input, input) as Structure,
  }
}

interface Shown extends Structure {
  Allowed: boolean
}

function isLocal({ service }: Operation, settings: Settings): boolean {
  return settings.endpointUrl(service.name, service.metadata.serviceId)?.startsWith('virga-local:') ?? false
}

/** The local AWS goes through everything but the doing, and says how it ended as EC2 does. */
async function askLocal(operation: Operation, input: Structure, settings: Settings): Promise<Shown> {
  try {
    await call(operation, input, settings, { headers: () => ({ 'x-virga-dry-run': 'true' }), stream: false })
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { Allowed: error.code === 'DryRunOperation', Code: error.code, Message: error.message }
  }
  throw new Failure('DryRun', 'the local AWS did not understand that it was only asked')
}

async function askIam(operation: Operation, input: Structure, settings: Settings, session: Session): Promise<Shown> {
  const request = await readied(operation, input, settings)
  const Request = {
    Method: request.method,
    Url: `${request.scheme}://${request.host}${request.path}${request.query === '' ? '' : '?…'}`,
  }
  const { models } = session.outside
  const mapping = await mappingOf(operation, await models.actions())
  if (mapping.kind === 'open') return { Allowed: true, Request, Message: 'The operation needs no permission.' }
  if (settings.anonymous)
    throw new Failure(
      'DryRun',
      'nobody signs (--no-sign-request), so IAM cannot be asked for anybody; only the resource knows',
    )

  const caller = await asked('who is calling', () => session.call('sts', 'GetCallerIdentity', {}))
  const arn = String(caller.Arn)
  const permissions = permissionsFor(mapping, input, {
    partition: arn.split(':')[1]!,
    account: String(caller.Account),
    region: settings.region ?? 'us-east-1',
  })
  if (arn.endsWith(':root'))
    return {
      Allowed: true,
      Request,
      Caller: arn,
      Message: 'The root user needs no policy; a service control policy may still deny it.',
    }
  const source = arn.replace(/^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\/.*$/, 'arn:$1:iam::$2:role/$3')
  const Evaluations: Structure[] = []
  for (const permission of permissions) Evaluations.push(await evaluation(permission, source, session))
  const denied = Evaluations.filter(({ Decision }) => Decision !== 'allowed')
  return {
    Allowed: denied.length === 0,
    Request,
    Caller: arn,
    Evaluations,
    Message:
      denied.length === 0
        ? 'The policies of the caller allow it. Policies of the resource and of endpoints, and whether the resource is there, are known to the service alone.'
        : `The policies of the caller do not allow ${denied.map(({ Action }) => String(Action)).join(', ')}.`,
  }
}

async function evaluation(
  { action, resource, context }: NeededPermission,
  source: string,
  session: Session,
): Promise<Structure> {
  const entries = Object.entries(context).map(([ContextKeyName, value]) => ({
    ContextKeyName,
    ContextKeyValues: typeof value === 'string' ? [value] : [...value],
    ContextKeyType: typeof value === 'string' ? 'string' : 'stringList',
  }))
  const answer = await asked('whether it would be allowed', () =>
    session.call('iam', 'SimulatePrincipalPolicy', {
      PolicySourceArn: source,
      ActionNames: [action],
      ResourceArns: [resource],
      ...(entries.length > 0 && { ContextEntries: entries }),
    }),
  )
  const [result = {}] = (answer.EvaluationResults ?? []) as Structure[]
  const matched = ((result.MatchedStatements ?? []) as Structure[]).map(({ SourcePolicyId }) => String(SourcePolicyId))
  const missing = (result.MissingContextValues ?? []) as string[]
  return {
    Action: action,
    Resource: resource,
    Decision: String(result.EvalDecision ?? 'not known'),
    ...(matched.length > 0 && { DecidedBy: matched }),
    ...(missing.length > 0 && { DependsOn: missing }),
  }
}

/** Throws Failure('DryRun') where IAM does not answer: then nothing is known, which is not a denial. */
async function asked(what: string, question: () => Promise<Structure>): Promise<Structure> {
  try {
    return await question()
  } catch (error) {
    if (error instanceof AwsError)
      throw new Failure('DryRun', `it cannot be told ${what}: ${error.message} (${error.code}). Nothing was sent`)
    throw error
  }
}

/** The request as it would be sent: validated, addressed, signed. Throws what the call itself would throw before sending. */
async function readied(operation: Operation, input: Structure, settings: Settings): Promise<HttpRequest> {
  let ready: HttpRequest | undefined
  const held = new Failure('DryRun', 'held back')
  try {
    await call(operation, input, {
      ...settings,
      retry: { ...settings.retry, maxAttempts: 1 },
      send: (request) => {
        ready = request
        return Promise.reject(held)
      },
    })
  } catch (error) {
    if (ready === undefined) throw error
  }
  return ready!
}
