// A folder with an appspec.yml becomes a revision of a CodeDeploy application: zipped, in a bucket, registered.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { settingsFor } from '../../clients.ts'
import { errorText } from '../../report.ts'
import { uploadFile } from '../../upload-file.ts'
import { filesBelow, zipOf } from '../../zip.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { bucketPlace } from './on-premises.ts'

export const push = command({
  name: 'deploy push',
  help:
    'Bundles and uploads to Amazon S3 an application revision, which is a zip archive file that contains deployable ' +
    'content and an accompanying Application Specification file. Registers it with AWS CodeDeploy.',
  arguments: {
    'application-name': { required: true, help: 'The name of the AWS CodeDeploy application.' },
    's3-location': { required: true, help: 'Where to upload the revision: s3://bucket/key.' },
    'ignore-hidden-files': { flag: true, default: false, help: 'Do not bundle hidden files.' },
    'no-ignore-hidden-files': { flag: true, default: false, help: 'Bundle hidden files: the default.' },
    source: { default: '.', help: 'The location of the deployable content and the appspec.yml. Default: this folder.' },
    description: { help: 'A comment that summarizes the application revision.' },
  },
  run: async (given, context) => {
    const { bucket, key } = bucketPlace(given['s3-location'] as string, 's3-location')
    if (given['ignore-hidden-files'] === true && given['no-ignore-hidden-files'] === true) {
      throw new Failure(
        'ParamValidation',
        'You cannot specify both --ignore-hidden-files and --no-ignore-hidden-files.',
      )
    }
    const now = context.outside.clock().toISOString().replace('Z', '000')
    const description = (given.description as string | undefined) || `Uploaded by AWS CLI ${now} UTC`
    const location: Structure = { bucket, key, bundleType: 'zip', ...(await sent(given, bucket, key, context)) }
    await context.call('codedeploy', 'RegisterApplicationRevision', {
      applicationName: given['application-name'],
      revision: { revisionType: 'S3', s3Location: location },
      description,
    })
    const version = location.version === undefined ? '' : `,version=${location.version as string}`
    context.write(
      'To deploy with this revision, run:\n' +
        `aws deploy create-deployment --application-name ${given['application-name'] as string} ` +
        `--s3-location bucket=${bucket},key=${key},bundleType=zip,eTag=${location.eTag as string}${version} ` +
        '--deployment-group-name <deployment-group-name> --deployment-config-name <deployment-config-name> ' +
        '--description <description>\n',
    )
    return 0
  },
})

/** The revision's ETag, and its version where the bucket keeps versions. */
async function sent(given: GivenWords, bucket: string, key: string, context: Context): Promise<Structure> {
  const source = resolve(given.source as string)
  const hides = given['ignore-hidden-files'] === true
  const files = existsSync(source)
    ? filesBelow(source, (path) => !hides || !path.split('/').at(-1)!.startsWith('.'))
    : []
  if (!files.includes('appspec.yml')) throw new Failure('InvalidValue', `${join(source, 'appspec.yml')} was not found`)
  const bytes = await zipOf(source, files)
  const settings = settingsFor(await context.settings(), { endpointUrl: 'configured' })
  try {
    const { ETag, VersionId } = await uploadFile(settings, new Blob([bytes as Uint8Array<ArrayBuffer>]), {
      Bucket: bucket,
      Key: key,
    })
    return { eTag: (ETag as string).replaceAll('"', ''), ...(VersionId === undefined ? {} : { version: VersionId }) }
  } catch (error) {
    throw new Failure(
      'InvalidValue',
      `Failed to upload '${given.source as string}' to '${given['s3-location'] as string}': ${errorText(error)}`,
    )
  }
}
