// A machine outside AWS is forgotten by CodeDeploy, and its user deleted.

import { AwsError } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import type { Settings } from '../../../client/settings.ts'
import { callWith, needed, settingsFor } from '../../clients.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { GUIDE, requireName, requireRegion, step, told } from './on-premises.ts'

export const deregister = command({
  name: 'deploy deregister',
  help: 'Removes any tags from the on-premises instance; deregisters it; and, unless requested, deletes its IAM user.',
  arguments: {
    'instance-name': { required: true, help: 'The name of the on-premises instance.' },
    'no-delete-iam-user': { flag: true, default: false, help: 'Do not delete the IAM user of the instance.' },
  },
  run: async (given, context) => {
    const settings = await context.settings()
    requireRegion(settings.region)
    const name = given['instance-name'] as string
    requireName(name)
    const deploy = (operation: string, input: Structure): Promise<Structure> =>
      context.call('codedeploy', operation, input)
    return told(context, `Deregister the on-premises instance by following the ${GUIDE}`, async () => {
      const { instanceInfo } = await step(
        context,
        'Retrieving on-premises instance information... ',
        () => deploy('GetOnPremisesInstance', { instanceName: name }),
        (output) => described(needed(output, 'instanceInfo')),
      )
      const { iamUserArn, tags = [] } = instanceInfo as { iamUserArn: string; tags?: Structure[] }
      if (tags.length > 0) {
        await step(context, 'Removing tags from the on-premises instance... ', () =>
          deploy('RemoveTagsFromOnPremisesInstances', { tags, instanceNames: [name] }),
        )
      }
      await step(context, 'Deregistering the on-premises instance... ', () =>
        deploy('DeregisterOnPremisesInstance', { instanceName: name }),
      )
      if (given['no-delete-iam-user'] !== true) {
        await deleteUser(iamUserArn.split('/').at(-1)!, settingsFor(settings, { endpointUrl: 'configured' }), context)
      }
      context.write(
        'Run the following command on the on-premises instance to uninstall the codedeploy-agent:\naws deploy uninstall\n',
      )
    })
  },
})

function described({ iamUserArn, tags }: Structure): string {
  const listed = ((tags ?? []) as Record<string, string>[]).map(({ Key, Value }) => ` Key=${Key},Value=${Value}`)
  return `IamUserArn: ${iamUserArn as string}\n${listed.length === 0 ? '' : `Tags:${listed.join('')}\n`}`
}

async function deleteUser(UserName: string, settings: Settings, context: Context): Promise<void> {
  const iam = (operation: string, input: Structure): Promise<Structure> => callWith(settings, 'iam', operation, input)
  await step(context, 'Deleting the IAM user policies... ', () =>
    ifThere(async () => {
      const { PolicyNames = [] } = await iam('ListUserPolicies', { UserName })
      for (const PolicyName of PolicyNames as string[]) await iam('DeleteUserPolicy', { UserName, PolicyName })
    }),
  )
  await step(context, 'Deleting the IAM user access keys... ', () =>
    ifThere(async () => {
      const { AccessKeyMetadata = [] } = await iam('ListAccessKeys', { UserName })
      for (const { AccessKeyId } of AccessKeyMetadata as Structure[])
        await iam('DeleteAccessKey', { UserName, AccessKeyId })
    }),
  )
  await step(context, `Deleting the IAM user (${UserName})... `, () =>
    ifThere(async () => void (await iam('DeleteUser', { UserName }))),
  )
}

async function ifThere(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'NoSuchEntity') throw error
  }
}
