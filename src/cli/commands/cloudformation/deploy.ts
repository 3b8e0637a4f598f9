// A template becomes a stack, or changes one: by a change set that is made, waited for and executed.

import { readFileSync, statSync } from 'node:fs'
import { utf8 } from '../../../lib/bytes.ts'
import { AwsError, Failure } from '../../../lib/errors.ts'
import { isStructure } from '../../../lib/value.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import { wait } from '../../../client/wait.ts'
import { ArtifactStore } from '../../artifact-store.ts'
import { settingsFor } from '../../clients.ts'
import { jsonValue } from '../../input/json.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { at, parseTemplate } from './template.ts'

const TEXTS = { type: 'list', nargs: '+', schema: { type: 'array', items: { type: 'string' } } } as const

/** A larger template can only be read from a bucket. */
const LARGEST_BODY = 51_200

export const deploy = command({
  name: 'cloudformation deploy',
  help: 'Deploys the specified AWS CloudFormation template by creating and then executing a change set.',
  arguments: {
    'template-file': { required: true, help: 'The path where your AWS CloudFormation template is located.' },
    'stack-name': { required: true, help: 'The name of the stack: an existing one is updated.' },
    's3-bucket': { help: 'The bucket for the template. Required for templates greater than 51,200 bytes.' },
    'force-upload': { flag: true, help: 'Upload the template even if it is in the bucket.' },
    's3-prefix': { help: "A prefix name that the command adds to the template's name." },
    'kms-key-id': { help: 'The ID of an AWS KMS key that the command uses to encrypt the template.' },
    'parameter-overrides': {
      nargs: '+',
      default: [],
      help: "Key=Value of the template's parameters, or a JSON file. What is not named keeps its value.",
    },
    capabilities: {
      ...TEXTS,
      default: [],
      help: 'Capabilities to acknowledge: CAPABILITY_IAM, CAPABILITY_NAMED_IAM …',
    },
    'no-execute-changeset': { flag: false, help: 'Make the change set and leave it to be reviewed.' },
    'disable-rollback': { flag: true, help: 'Keep what succeeded when the deployment fails.' },
    'no-disable-rollback': { flag: false, into: 'disable-rollback', help: 'Roll everything back then.' },
    'role-arn': { help: 'The role that CloudFormation assumes when executing the change set.' },
    'notification-arns': { ...TEXTS, help: 'Amazon SNS topics to associate with the stack.' },
    'fail-on-empty-changeset': { flag: true, help: 'Fail where nothing is to be changed.' },
    'no-fail-on-empty-changeset': { flag: false, into: 'fail-on-empty-changeset', help: 'Succeed then: the default.' },
    tags: { ...TEXTS, default: [], help: 'Tags of the stack: Key=Value.' },
  },
  run: async (given, context) => {
    const file = given['template-file'] as string
    const status = statSync(file, { throwIfNoEntry: false })
    if (!status?.isFile()) throw new Failure('InvalidValue', `Invalid template path ${file}`)
    const template = readFileSync(file, 'utf8')
    const overrides = parameterOverrides(given['parameter-overrides'] as string | string[])
    const tags = Object.entries(pairs(given.tags as string[], 'tags')).map(([Key, Value]) => ({ Key, Value }))
    const parameters = mergedParameters(template, overrides)
    if (status.size > LARGEST_BODY && given['s3-bucket'] === undefined) {
      throw new Failure(
        'InvalidValue',
        'Templates with a size greater than 51,200 bytes must be deployed via an S3 Bucket. Please add the --s3-bucket ' +
          'parameter to your command. The local template will be copied to that S3 bucket and then deployed.',
      )
    }
    const stack = given['stack-name'] as string
    const set = await createChangeSet({ template, parameters, tags }, given, context)
    if (!(await madeChangeSet(set.id, stack, given, context))) return 0
    if (given['no-execute-changeset'] === false) {
      context.write(
        'Changeset created successfully. Run the following command to review changes:\n' +
          `aws cloudformation describe-change-set --change-set-name ${set.id}\n`,
      )
      return 0
    }
    const rollback = { DisableRollback: given['disable-rollback'] === true }
    await context.call('cloudformation', 'ExecuteChangeSet', { ChangeSetName: set.id, StackName: stack, ...rollback })
    await executed(stack, set.isNew, context)
    context.write(`Successfully created/updated stack - ${stack}\n`)
    return 0
  },
})

/** `Key=Value …`, or JSON in the forms that CloudFormation, CodePipeline and this command's own words have. */
function parameterOverrides(words: string | readonly string[]): Structure {
  const text = typeof words === 'string' ? words : words[0]
  if (text === undefined) return {}
  let data: Value
  try {
    data = jsonValue(text)
  } catch (error) {
    if (typeof words === 'string') throw new Failure('InvalidValue', (error as Error).message)
    return pairs(words, 'parameter-overrides')
  }
  if (Array.isArray(data)) {
    if (data.every(isParameter)) return Object.fromEntries(data.map((each) => [each.ParameterKey, each.ParameterValue]))
    if (data.every((each) => typeof each === 'string' && each.includes('=')))
      return pairs(data as string[], 'parameter-overrides')
  } else if (isStructure(data) && isStructure(data.Parameters)) {
    return data.Parameters
  }
  throw new Failure(
    'ParamValidation',
    'JSON passed to --parameter-overrides must be one of the formats: ["Key1=Value1","Key2=Value2", ...] , ' +
      '[{"ParameterKey": "Key1", "ParameterValue": "Value1"}, ...] , ["Parameters": {"Key1": "Value1", "Key2": "Value2", ...}]',
  )
}

function isParameter(value: Value): value is { ParameterKey: string; ParameterValue: string } {
  return isStructure(value) && 'ParameterKey' in value && 'ParameterValue' in value && Object.keys(value).length === 2
}

function pairs(words: readonly string[], name: string): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const equals = word.indexOf('=')
      if (equals < 0)
        throw new Failure('InvalidValue', `['${word}'] value passed to --${name} must be of format Key=Value`)
      return [word.slice(0, equals), word.slice(equals + 1)]
    }),
  )
}

/** Every parameter of the template, with its new value or the word that it keeps its own. */
function mergedParameters(template: string, overrides: Structure): Structure[] {
  const parameters = at(parseTemplate(template), 'Parameters')
  if (!(parameters instanceof Map)) return []
  return [...parameters.keys()].map((key) => {
    const ParameterKey = typeof key === 'string' ? key : key.text
    if (Object.hasOwn(overrides, ParameterKey)) return { ParameterKey, ParameterValue: overrides[ParameterKey] }
    return { ParameterKey, UsePreviousValue: true }
  })
}

/** What the files and the command line say of the stack. */
interface Wanted {
  readonly template: string
  readonly parameters: readonly Structure[]
  readonly tags: Structure[]
}

async function createChangeSet(
  { template, parameters, tags }: Wanted,
  given: GivenWords,
  context: Context,
): Promise<{ id: string; isNew: boolean }> {
  const stack = given['stack-name'] as string
  const now = context.outside.clock()
  const isNew = !(await stackExists(stack, context))
  const known = isNew ? [] : await parametersOf(stack, context)
  const body = await templateMember(template, given, context)
  const { Id } = await context.call('cloudformation', 'CreateChangeSet', {
    ChangeSetName: `awscli-cloudformation-package-deploy-${Math.floor(now.getTime() / 1000)}`,
    StackName: stack,
    ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
    // What has no value yet cannot keep it.
    Parameters: parameters.filter((each) => !each.UsePreviousValue || known.includes(each.ParameterKey as string)),
    Capabilities: given.capabilities,
    Description: `Created by AWS CLI at ${now.toISOString().replace('Z', '000')} UTC`,
    Tags: tags,
    ...body,
    ...(given['role-arn'] === undefined ? {} : { RoleARN: given['role-arn'] }),
    ...(given['notification-arns'] === undefined ? {} : { NotificationARNs: given['notification-arns'] }),
  })
  return { id: Id as string, isNew }
}

/** A stack that only waits for its first change set counts as none. */
async function stackExists(stack: string, context: Context): Promise<boolean> {
  try {
    const { Stacks } = await context.call('cloudformation', 'DescribeStacks', { StackName: stack })
    const stacks = (Stacks ?? []) as Structure[]
    return stacks.length === 1 && stacks[0]!.StackStatus !== 'REVIEW_IN_PROGRESS'
  } catch (error) {
    if (error instanceof AwsError && error.message.includes(`Stack with id ${stack} does not exist`)) return false
    throw error
  }
}

async function parametersOf(stack: string, context: Context): Promise<string[]> {
  const { Parameters } = await context.call('cloudformation', 'GetTemplateSummary', { StackName: stack })
  return ((Parameters ?? []) as Structure[]).map((each) => each.ParameterKey as string)
}

async function templateMember(template: string, given: GivenWords, context: Context): Promise<Structure> {
  const bucket = given['s3-bucket'] as string | undefined
  if (!bucket) return { TemplateBody: template }
  const place = {
    bucket,
    prefix: given['s3-prefix'] as string | undefined,
    kmsKeyId: given['kms-key-id'] as string | undefined,
    force: given['force-upload'] === true,
  }
  const settings = settingsFor(await context.settings(), { endpointUrl: 'configured' })
  const store = new ArtifactStore(settings, place, (text) => context.outside.stderr.write(text))
  return { TemplateURL: await store.pathStyle(await store.keep(utf8(template), 'template')) }
}

/** False where it turned out that nothing is to be changed, and that is no failure. */
async function madeChangeSet(id: string, stack: string, given: GivenWords, context: Context): Promise<boolean> {
  context.write('\nWaiting for changeset to be created..\n')
  const service = await context.outside.models.service('cloudformation')
  const input = { ChangeSetName: id, StackName: stack }
  try {
    await wait(service, 'ChangeSetCreateComplete', input, await context.settings(), { delay: 5 })
    return true
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'Waiter') throw error
    const { Status, StatusReason = '' } = (error.detail.output ?? {}) as Record<string, string>
    const isEmpty =
      (Status === 'FAILED' && StatusReason.includes("The submitted information didn't contain changes.")) ||
      StatusReason.includes('No updates are to be performed')
    if (!isEmpty) {
      throw new Failure(
        'InvalidValue',
        `Failed to create the changeset: ${error.message} Status: ${Status}. Reason: ${StatusReason}`,
      )
    }
    const message = `No changes to deploy. Stack ${stack} is up to date`
    if (given['fail-on-empty-changeset'] === true) throw new Failure('InvalidValue', message)
    context.write(`\n${message}\n`)
    return false
  }
}

async function executed(stack: string, isNew: boolean, context: Context): Promise<void> {
  context.write('Waiting for stack create/update to complete\n')
  const service = await context.outside.models.service('cloudformation')
  const waiter = isNew ? 'StackCreateComplete' : 'StackUpdateComplete'
  try {
    // Rarely: an account may not ask for its stacks too often.
    await wait(service, waiter, { StackName: stack }, await context.settings(), { delay: 30, maxAttempts: 120 })
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'Waiter') throw error
    throw new Failure(
      'InvalidValue',
      'Failed to create/update the stack. Run the following command\nto fetch the list of events leading up to the ' +
        `failure\naws cloudformation describe-stack-events --stack-name ${stack}`,
    )
  }
}
