// Products of Service Catalog out of a local template: it goes to a bucket first.

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { ArtifactStore } from '../../artifact-store.ts'
import type { AddedArgument } from '../../changes/change.ts'
import { presentationOf } from '../../show.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'

const file = {
  'file-path': { required: true, help: 'The local file path of the template.' },
  'bucket-name': { required: true, help: 'Name of the S3 bucket where the template will be uploaded.' },
} as const

const artifact = {
  'provisioning-artifact-name': { required: true, help: 'The name assigned to the provisioning artifact.' },
  'provisioning-artifact-description': { required: true, help: 'The text description of the provisioning artifact.' },
  'provisioning-artifact-type': {
    required: true,
    choices: ['CLOUD_FORMATION_TEMPLATE', 'MARKETPLACE_AMI', 'MARKETPLACE_CAR'],
    help: 'The type of the provisioning artifact.',
  },
} as const satisfies Record<string, AddedArgument>

export const generateProduct = command({
  name: 'servicecatalog generate product',
  help: 'Create a new product using a CloudFormation template specified as a local file path.',
  arguments: {
    'product-name': { required: true, help: 'The name of the product.' },
    'product-owner': { required: true, help: 'The owner of the product.' },
    'product-type': {
      required: true,
      choices: ['CLOUD_FORMATION_TEMPLATE', 'MARKETPLACE'],
      help: 'The type of the product.',
    },
    'product-description': { help: 'The text description of the product.' },
    'product-distributor': { help: 'The distributor of the product.' },
    tags: {
      type: 'list',
      nargs: '+',
      default: [],
      schema: { type: 'array', items: { type: 'string' } },
      help: 'Tags of the product: Key=key1,Value=value1 Key=key2,Value=value2.',
    },
    ...file,
    'support-description': { help: 'Support information about the product.' },
    'support-email': { help: 'Contact email for product support.' },
    ...artifact,
  },
  run: async (given, context) => {
    const parameters = await uploaded(given, context)
    const optional = {
      SupportDescription: given['support-description'],
      Description: given['product-description'],
      SupportEmail: given['support-email'],
      Distributor: given['product-distributor'],
    }
    const input = {
      Name: given['product-name'],
      Owner: given['product-owner'],
      ProductType: given['product-type'],
      Tags: (given.tags as string[]).map(tagOf),
      ProvisioningArtifactParameters: parameters,
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value)),
    }
    return print('CreateProduct', input, context)
  },
})

export const generateArtifact = command({
  name: 'servicecatalog generate provisioning-artifact',
  help: 'Create a new provisioning artifact for the specified product using a CloudFormation template.',
  arguments: { ...file, ...artifact, 'product-id': { required: true, help: 'The product identifier.' } },
  run: async (given, context) => {
    const input = { ProductId: given['product-id'], Parameters: await uploaded(given, context) }
    return print('CreateProvisioningArtifact', input, context)
  },
})

/** The members that say where the template is now. */
async function uploaded(given: GivenWords, context: Context): Promise<Structure> {
  const settings = await context.settings()
  const { 'file-path': path, 'bucket-name': bucket } = given as Record<string, string>
  if (settings.region === undefined) {
    throw new Failure('InvalidValue', 'An error occurred (InvalidParametersException) : Region None is not supported')
  }
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path!)
  } catch {
    throw new Failure('InvalidValue', `${path} cannot be found`)
  }
  const store = new ArtifactStore(settings, { bucket: bucket!, force: true }, (text) =>
    context.outside.stderr.write(text),
  )
  await store.put(bytes, basename(path!))
  const host = settings.region === 'us-east-1' ? 's3.amazonaws.com' : `s3-${settings.region}.amazonaws.com`
  return {
    Name: given['provisioning-artifact-name'],
    Description: given['provisioning-artifact-description'],
    Info: { LoadTemplateFromURL: `https://${host}/${bucket}/${basename(path!)}` },
    Type: given['provisioning-artifact-type'],
  }
}

/** `Key=k,Value=v`. */
function tagOf(text: string): Structure {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const parts = pair.split('=')
      if (parts.length === 2) return parts as [string, string]
      throw new Failure(
        'InvalidValue',
        `dictionary update sequence element #0 has length ${parts.length}; 2 is required`,
      )
    }),
  )
}

async function print(operation: string, input: Structure, context: Context): Promise<number> {
  const output = await context.call('servicecatalog', operation, input)
  const { present } = await import('../../output/present.ts')
  const model = await context.outside.models.operation('servicecatalog', operation)
  const shown = present(model, output, presentationOf(await context.settings()))
  context.write(JSON.stringify(shown, null, 2))
  return 0
}
