// Which properties of which resources name local files, and what do they say once those files are in a bucket?
// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html

import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, normalize, resolve } from 'node:path'
import { utf8 } from '../../../lib/bytes.ts'
import { Failure } from '../../../lib/errors.ts'
import { errorText } from '../../report.ts'
import type { ArtifactStore } from '../../artifact-store.ts'
import { isZip, zipOf } from '../../zip.ts'
import { at, parseTemplate, setAt, templateYaml } from './template.ts'
import type { Tree, TreeMap } from './template.ts'

interface Artifact {
  readonly type: string
  readonly property: string
  /** Where it is left out, the template's own folder is meant. */
  readonly omittedIsFolder?: boolean
  /** A single file is put into a zip of its own. */
  readonly zipped?: boolean
  /** The address is written as a map of these keys instead of `s3://…`. */
  readonly keys?: { readonly bucket: string; readonly key: string; readonly version?: string }
  /** The file is a template with artifacts of its own. */
  readonly template?: boolean
}

const lambdaKeys = { bucket: 'S3Bucket', key: 'S3Key', version: 'S3ObjectVersion' }
const plainKeys = { bucket: 'Bucket', key: 'Key', version: 'Version' }

/** In the order in which they are sent. */
const artifacts: readonly Artifact[] = [
  { type: 'AWS::Serverless::Function', property: 'CodeUri', omittedIsFolder: true, zipped: true },
  { type: 'AWS::Serverless::Api', property: 'DefinitionUri' },
  { type: 'AWS::AppSync::GraphQLSchema', property: 'DefinitionS3Location' },
  { type: 'AWS::AppSync::Resolver', property: 'RequestMappingTemplateS3Location' },
  { type: 'AWS::AppSync::Resolver', property: 'ResponseMappingTemplateS3Location' },
  { type: 'AWS::AppSync::FunctionConfiguration', property: 'RequestMappingTemplateS3Location' },
  { type: 'AWS::AppSync::FunctionConfiguration', property: 'ResponseMappingTemplateS3Location' },
  { type: 'AWS::ApiGateway::RestApi', property: 'BodyS3Location', keys: plainKeys },
  { type: 'AWS::Lambda::Function', property: 'Code', omittedIsFolder: true, zipped: true, keys: lambdaKeys },
  {
    type: 'AWS::ElasticBeanstalk::ApplicationVersion',
    property: 'SourceBundle',
    omittedIsFolder: true,
    keys: { bucket: 'S3Bucket', key: 'S3Key' },
  },
  { type: 'AWS::CloudFormation::Stack', property: 'TemplateURL', omittedIsFolder: true, template: true },
  { type: 'AWS::Serverless::Application', property: 'Location', omittedIsFolder: true, template: true },
  { type: 'AWS::Serverless::LayerVersion', property: 'ContentUri', omittedIsFolder: true, zipped: true },
  { type: 'AWS::Lambda::LayerVersion', property: 'Content', omittedIsFolder: true, zipped: true, keys: lambdaKeys },
  { type: 'AWS::Glue::Job', property: 'Command.ScriptLocation', omittedIsFolder: true },
  { type: 'AWS::StepFunctions::StateMachine', property: 'DefinitionS3Location', keys: plainKeys },
  { type: 'AWS::Serverless::StateMachine', property: 'DefinitionUri', keys: plainKeys },
  {
    type: 'AWS::CodeCommit::Repository',
    property: 'Code.S3',
    zipped: true,
    keys: { bucket: 'Bucket', key: 'Key', version: 'ObjectVersion' },
  },
]

/** The same in the template's metadata. */
const metadataArtifacts: readonly Artifact[] = [
  { type: 'AWS::ServerlessRepo::Application', property: 'ReadmeUrl' },
  { type: 'AWS::ServerlessRepo::Application', property: 'LicenseUrl' },
]

/** Reads a template and sends all that it names. Throws Failure('InvalidValue') for files that are not there. */
export async function packaged(path: string, folder: string, store: ArtifactStore): Promise<Tree> {
  const file = absolute(folder, path)
  const tree = parseTemplate(readFileSync(file, 'utf8'))
  if (!(tree instanceof Map)) throw new Failure('InvalidValue', `${path} is not a template: it is no map`)
  const work: Work = { folder: dirname(file), store }
  const metadata = tree.get('Metadata')
  if (metadata instanceof Map) {
    for (const [type, properties] of metadata)
      await exportAll(String(type), String(type), properties, metadataArtifacts, work)
  }
  const resources = tree.get('Resources')
  if (resources === undefined) return tree
  await includeFiles(tree, work)
  if (resources instanceof Map) await exportResources(resources, work)
  return tree
}

interface Work {
  /** Of the template: what its paths are relative to. */
  readonly folder: string
  readonly store: ArtifactStore
}

async function exportResources(resources: TreeMap, work: Work): Promise<void> {
  for (const [id, resource] of resources) {
    const name = typeof id === 'string' ? id : id.text
    if (name.startsWith('Fn::ForEach::')) {
      if (!Array.isArray(resource) || resource.length !== 3) {
        throw new Failure(
          'InvalidValue',
          `The value of ${name} has an invalid "Fn::ForEach::" format: Must be a list of three entries`,
        )
      }
      if (resource[2] instanceof Map) await exportResources(resource[2], work)
      continue
    }
    if (!(resource instanceof Map)) continue
    await exportAll(name, resource.get('Type'), resource.get('Properties'), artifacts, work)
  }
}

async function exportAll(
  id: string,
  type: Tree | undefined,
  properties: Tree | undefined,
  table: readonly Artifact[],
  work: Work,
): Promise<void> {
  if (!(properties instanceof Map)) return
  for (const artifact of table.filter((each) => each.type === type)) await exportOne(id, artifact, properties, work)
}

async function exportOne(id: string, artifact: Artifact, properties: TreeMap, work: Work): Promise<void> {
  const { property } = artifact
  const value = at(properties, property)
  if ((value === undefined || value === null || value === '') && !artifact.omittedIsFolder) return
  if (value instanceof Map) return
  try {
    const address = artifact.template ? await nested(id, artifact, value, work) : await sent(id, artifact, value, work)
    if (address !== undefined)
      setAt(properties, property, artifact.keys === undefined ? address : asKeys(address, artifact.keys))
  } catch (error) {
    throw new Failure(
      'InvalidValue',
      `Unable to upload artifact ${value ?? 'None'} referenced by ${property} parameter of ${id} resource.\n${errorText(error)}`,
    )
  }
}

async function sent(id: string, { property, zipped }: Artifact, value: Tree | undefined, work: Work): Promise<string> {
  if (typeof value === 'string' && bucketAddress(value) !== undefined) return value
  // Looked for from where we are, not from where the template is: as the reference does.
  const alone = typeof value === 'string' && zipped && isFile(value) && !isZip(value)
  const path = value === undefined || value === null ? work.folder : absolute(work.folder, value as string)
  if (alone) return work.store.keep(await zipOf(dirname(resolve(value)), [basename(value)]))
  if (isFolder(path)) return work.store.keep(await zipOf(path))
  if (isFile(path)) return work.store.keep(readFileSync(path))
  throw new Failure(
    'InvalidValue',
    `Parameter ${property} of resource ${id} refers to a file or folder that does not exist ${path}`,
  )
}

async function nested(
  id: string,
  { property }: Artifact,
  value: Tree | undefined,
  work: Work,
): Promise<string | undefined> {
  if (typeof value !== 'string' || bucketAddress(value) !== undefined || /^https?:\/\//.test(value)) return undefined
  const path = absolute(work.folder, value)
  if (!isFile(path)) {
    throw new Failure(
      'InvalidValue',
      `${property} parameter of ${id} resource is invalid. It must be a S3 URL or path to CloudFormation template file. ` +
        `Actual: ${path}`,
    )
  }
  const text = templateYaml(await packaged(value, work.folder, work.store))
  return work.store.pathStyle(await work.store.keep(utf8(text), 'template'))
}

/** `Fn::Transform` of AWS::Include, wherever it stands. */
async function includeFiles(tree: TreeMap, work: Work): Promise<void> {
  for (const [key, value] of tree) {
    if (key === 'Fn::Transform') await includeFile(value, work)
    else if (value instanceof Map) await includeFiles(value, work)
    else if (Array.isArray(value)) {
      for (const item of value) if (item instanceof Map) await includeFiles(item, work)
    }
  }
}

async function includeFile(transform: Tree, work: Work): Promise<void> {
  if (!(transform instanceof Map) || transform.get('Name') !== 'AWS::Include') return
  const location = at(transform, 'Parameters.Location')
  if (typeof location !== 'string' || location === '' || bucketAddress(location) !== undefined) return
  const path = isAbsolute(location) ? location : join(work.folder, location)
  if (!isFile(path)) {
    throw new Failure(
      'InvalidValue',
      `Parameter Location of resource AWS::Include refers to a file or folder that does not exist ${path}`,
    )
  }
  setAt(transform, 'Parameters.Location', await work.store.keep(readFileSync(path)))
}

/** Bucket, key and version of `s3://bucket/key?versionId=…`; undefined for anything else. */
function bucketAddress(text: string): { bucket: string; key: string; version?: string } | undefined {
  const [, bucket, path, query] = /^s3:\/\/([^/?#]+)(\/[^?#]*)(?:\?([^#]*))?/.exec(text) ?? []
  if (bucket === undefined) return undefined
  const versions = new URLSearchParams(query ?? '').getAll('versionId')
  return { bucket, key: path!.replace(/^\/+/, ''), ...(versions.length === 1 ? { version: versions[0] } : {}) }
}

function asKeys(address: string, keys: NonNullable<Artifact['keys']>): TreeMap {
  const { bucket, key, version } = bucketAddress(address)!
  const map: TreeMap = new Map([
    [keys.bucket, bucket],
    [keys.key, key],
  ])
  if (keys.version !== undefined && version !== undefined) map.set(keys.version, version)
  return map
}

function absolute(folder: string, path: string): string {
  return isAbsolute(path) ? path : normalize(join(folder, path))
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
