// A machine outside AWS is made known to CodeDeploy: with a user of its own, unless it has one.

import { chmodSync, writeFileSync } from 'node:fs'
import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { callWith, settingsFor } from '../../clients.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { CONFIG_FILE, GUIDE, requireName, requireRegion, step, told } from './on-premises.ts'

const POLICY = `{
    "Version": "2012-10-17",
    "Statement": [ {
        "Action": [ "s3:Get*", "s3:List*" ],
        "Effect": "Allow",
        "Resource": "*"
    } ]
}`

export const register = command({
  name: 'deploy register',
  help: 'Creates an IAM user for the on-premises instance, if not provided, and registers the instance with AWS CodeDeploy.',
  arguments: {
    'instance-name': { required: true, help: 'The name of the on-premises instance.' },
    tags: {
      type: 'list',
      nargs: '+',
      schema: {
        type: 'array',
        items: {
          type: 'object',
          properties: { Key: { type: 'string', required: true }, Value: { type: 'string', required: true } },
        },
      },
      help: 'The tags of the on-premises instance: Key=…,Value=….',
    },
    'iam-user-arn': { help: 'The IAM user associated with the on-premises instance.' },
  },
  run: async (given, context) => {
    const settings = await context.settings()
    const region = requireRegion(settings.region)
    const { 'instance-name': name, 'iam-user-arn': user } = given as Record<string, string>
    const tags = given.tags as Structure[] | undefined
    requireName(name!)
    requireTags(tags ?? [])
    if (user && !/^arn:aws:iam::[0-9]{12}:user\/[A-Za-z0-9/+=,.@_-]+$/.test(user)) {
      throw new Failure('ParamValidation', 'Invalid IAM user ARN.')
    }
    return told(context, `Register the on-premises instance by following the ${GUIDE}`, async () => {
      const iamUserArn = user || (await newUser(name!, region, context))
      await step(context, 'Registering the on-premises instance... ', () =>
        context.call('codedeploy', 'RegisterOnPremisesInstance', { instanceName: name, iamUserArn }),
      )
      if (tags?.length) {
        await step(context, 'Adding tags to the on-premises instance... ', () =>
          context.call('codedeploy', 'AddTagsToOnPremisesInstances', { tags, instanceNames: [name!] }),
        )
      }
      context.write(
        `Copy the on-premises configuration file named ${CONFIG_FILE} to the on-premises instance, and run the following ` +
          'command on the on-premises instance to install and configure the AWS CodeDeploy Agent:\n' +
          `aws deploy install --config-file ${CONFIG_FILE}\n`,
      )
    })
  },
})

function requireTags(tags: readonly Structure[]): void {
  if (tags.length > 10) throw new Failure('ParamValidation', 'Instances can only have a maximum of 10 tags.')
  for (const { Key, Value } of tags as { Key: string; Value: string }[]) {
    if (Key.length > 128) throw new Failure('ParamValidation', 'Tag Key cannot be longer than 128 characters.')
    if (Value.length > 256) throw new Failure('ParamValidation', 'Tag Value cannot be longer than 256 characters.')
  }
}

/** A user that may read buckets, its key in a file for the machine. Returns its ARN. */
async function newUser(name: string, region: string, context: Context): Promise<string> {
  const settings = settingsFor(await context.settings(), { endpointUrl: 'configured' })
  const iam = (operation: string, input: Structure): Promise<Structure> => callWith(settings, 'iam', operation, input)
  const { User } = await step(
    context,
    'Creating the IAM user... ',
    () => iam('CreateUser', { Path: '/AWS/CodeDeploy/', UserName: name }),
    (output) => `IamUserArn: ${(output.User as Structure).Arn as string}\n`,
  )
  const { AccessKey } = await step(
    context,
    'Creating the IAM user access key... ',
    () => iam('CreateAccessKey', { UserName: name }),
    (output) => {
      const { AccessKeyId, SecretAccessKey } = output.AccessKey as Record<string, string>
      return `AccessKeyId: ${AccessKeyId}\nSecretAccessKey: ${SecretAccessKey}\n`
    },
  )
  const policy = { PolicyName: 'codedeploy-agent', PolicyDocument: POLICY }
  await step(
    context,
    'Creating the IAM user policy... ',
    () => iam('PutUserPolicy', { UserName: name, ...policy }),
    () => `PolicyName: ${policy.PolicyName}\nPolicyDocument: ${POLICY}\n`,
  )
  const { Arn } = User as { Arn: string }
  const { AccessKeyId, SecretAccessKey } = AccessKey as Record<string, string>
  await step(context, `Creating the on-premises instance configuration file named ${CONFIG_FILE}...`, async () => {
    const lines = { region, iam_user_arn: Arn, aws_access_key_id: AccessKeyId, aws_secret_access_key: SecretAccessKey }
    try {
      writeFileSync(
        CONFIG_FILE,
        `---\n${Object.entries(lines)
          .map(([key, value]) => `${key}: ${value}\n`)
          .join('')}`,
        { mode: 0o600 },
      )
      chmodSync(CONFIG_FILE, 0o600)
    } catch (error) {
      throw new Failure('InvalidValue', `Failed to create config file ${CONFIG_FILE}: ${(error as Error).message}`)
    }
  })
  return Arn
}
