// A template whose code lies beside it: the code goes to a bucket, the template says where.

import { statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { ArtifactStore } from '../../artifact-store.ts'
import { settingsFor } from '../../clients.ts'
import { command } from '../command.ts'
import { packaged } from './artifacts.ts'
import { templateJson, templateYaml } from './template.ts'

export const packageTemplate = command({
  name: 'cloudformation package',
  help:
    'Packages the local artifacts that your AWS CloudFormation template references: uploads them to an S3 bucket and ' +
    'gives a copy of the template with their places in it.',
  arguments: {
    'template-file': { required: true, help: 'The path where your AWS CloudFormation template is located.' },
    's3-bucket': { required: true, help: 'The name of the S3 bucket where this command uploads the artifacts.' },
    's3-prefix': { help: "A prefix name that the command adds to the artifacts' names." },
    'kms-key-id': { help: 'The ID of an AWS KMS key that the command uses to encrypt artifacts.' },
    'output-template-file': {
      help: 'The path of the file to write the template to; else it goes to the standard output.',
    },
    'use-json': { flag: true, help: 'Write JSON instead of YAML.' },
    'force-upload': { flag: true, help: 'Upload artifacts even if they match existing artifacts in the S3 bucket.' },
    metadata: {
      type: 'map',
      schema: { type: 'map', value: { type: 'string' } },
      help: 'A map of metadata to attach to all the artifacts that are referenced in your template.',
    },
  },
  run: async (given, context) => {
    const file = given['template-file'] as string
    if (!statSync(file, { throwIfNoEntry: false })?.isFile())
      throw new Failure('InvalidValue', `Invalid template path ${file}`)
    // --endpoint-url is not for the bucket.
    const settings = settingsFor(await context.settings(), { endpointUrl: 'configured' })
    const store = new ArtifactStore(
      settings,
      {
        bucket: given['s3-bucket'] as string,
        prefix: given['s3-prefix'] as string | undefined,
        kmsKeyId: given['kms-key-id'] as string | undefined,
        force: given['force-upload'] === true,
        metadata: given.metadata as Structure | undefined,
      },
      (text) => context.outside.stderr.write(text),
    )
    const tree = await packaged(file, process.cwd(), store)
    const text = given['use-json'] === true ? templateJson(tree) : templateYaml(tree)
    const output = given['output-template-file'] as string | undefined
    context.write('\n')
    if (output === undefined) {
      context.write(text)
      return 0
    }
    writeFileSync(output, text)
    context.write(
      `Successfully packaged artifacts and wrote output template to file ${output}.\n` +
        'Execute the following command to deploy the packaged template\n' +
        `aws cloudformation deploy --template-file ${resolve(output)} --stack-name <YOUR STACK NAME>\n`,
    )
    return 0
  },
})
