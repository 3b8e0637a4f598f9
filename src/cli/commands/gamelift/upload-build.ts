// A folder with a game server becomes a build of GameLift.

import { statSync } from 'node:fs'
import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { settingsFor } from '../../clients.ts'
import { sizeText } from '../../size-text.ts'
import { uploadFile } from '../../upload-file.ts'
import { filesBelow, zipOf } from '../../zip.ts'
import { command } from '../command.ts'

export const uploadBuild = command({
  name: 'gamelift upload-build',
  help: 'Upload a new build to AWS GameLift.',
  arguments: {
    name: { required: true, help: 'The name of the build' },
    'build-version': { required: true, help: 'The version of the build' },
    'build-root': { required: true, help: 'The path to the directory containing the build to upload' },
    'server-sdk-version': { help: 'The version of the GameLift server SDK used to create the game server' },
    'operating-system': { help: 'The operating system the build runs on' },
    tags: { nargs: '+', help: 'Tags to assign to the build. Format: Key=Value' },
  },
  run: async (given, context) => {
    const root = given['build-root'] as string
    if (!holdsFiles(root)) {
      context.warn(`Fail to upload ${root}. The build root directory is empty or does not exist.`)
      return 255
    }
    const { Build } = await context.call('gamelift', 'CreateBuild', {
      Name: given.name,
      Version: given['build-version'],
      ...(given['operating-system'] ? { OperatingSystem: given['operating-system'] } : {}),
      ...(given['server-sdk-version'] ? { ServerSdkVersion: given['server-sdk-version'] } : {}),
      ...(given.tags ? { Tags: (given.tags as string[]).map(tagOf) } : {}),
    })
    const { BuildId } = Build as { BuildId: string }
    const { UploadCredentials, StorageLocation } = await context.call('gamelift', 'RequestUploadCredentials', {
      BuildId,
    })
    const { AccessKeyId, SecretAccessKey, SessionToken } = UploadCredentials as Record<string, string>
    const { Bucket, Key } = StorageLocation as Record<string, string>
    const settings = settingsFor(await context.settings(), {
      credentials: { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! },
      endpointUrl: 'configured',
    })
    const bytes = await zipOf(root)
    let sent = 0
    const tell = (): void => {
      const share = ((sent / bytes.length) * 100).toFixed(2)
      context.write(`\rUploading ${root}:  ${sizeText(sent)} / ${sizeText(bytes.length)}  (${share}%)`)
    }
    await uploadFile(settings, new Blob([bytes as Uint8Array<ArrayBuffer>]), {
      Bucket: Bucket!,
      Key: Key!,
      progress: (more) => {
        sent += more
        tell()
      },
    })
    tell()
    context.write(`Successfully uploaded ${root} to AWS GameLift\nBuild ID: ${BuildId}\n`)
    return 0
  },
})

function holdsFiles(folder: string): boolean {
  if (folder === '' || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return false
  try {
    return filesBelow(folder).length > 0
  } catch (error) {
    throw new Failure('InvalidValue', (error as Error).message)
  }
}

function tagOf(text: string): Structure {
  const equals = text.indexOf('=')
  return equals < 0 ? { Key: text, Value: '' } : { Key: text.slice(0, equals), Value: text.slice(equals + 1) }
}
