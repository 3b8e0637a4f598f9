// CodeDeploy: where a revision is, in short.

import { Failure } from '../../lib/errors.ts'
import type { Structure } from '../../lib/value.ts'
import type { CommandChange, ServiceChanges } from './change.ts'

const text = { type: 'string' } as const
const needed = { ...text, required: true } as const

const revisionLocation: CommandChange = {
  optional: ['revision'],
  add: {
    's3-location': {
      schema: {
        type: 'object',
        properties: {
          bucket: needed,
          key: needed,
          bundleType: { ...needed, enum: ['tar', 'tgz', 'zip'] },
          eTag: text,
          version: text,
        },
      },
      help: 'Where the revision is in Amazon S3: bucket, key and bundleType, also eTag and version.',
    },
    'github-location': {
      schema: { type: 'object', properties: { repository: needed, commitId: needed } },
      help: 'Where the revision is in GitHub: repository (account/name) and commitId.',
    },
  },
  input: (input, given) => {
    const s3 = given['s3-location'] as Structure | undefined
    if (s3 !== undefined) {
      require(s3, ['bucket', 'key', 'bundleType'], '--s3-location must specify bucket, key and bundleType.')
      const s3Location = picked(s3, ['bucket', 'key', 'bundleType', 'eTag', 'version'])
      input.revision = { revisionType: 'S3', s3Location }
    }
    const github = given['github-location'] as Structure | undefined
    if (github !== undefined) {
      require(github, ['repository', 'commitId'], '--github-location must specify repository and commitId.')
      input.revision = { revisionType: 'GitHub', gitHubLocation: picked(github, ['repository', 'commitId']) }
    }
  },
}

function require(value: Structure, members: readonly string[], message: string): void {
  if (!members.every((member) => value[member])) throw new Failure('ParamValidation', message)
}

function picked(value: Structure, members: readonly string[]): Structure {
  return Object.fromEntries(
    members.filter((member) => value[member] !== undefined).map((member) => [member, value[member]]),
  )
}

export const deploy: ServiceChanges = {
  commands: {
    'create-deployment': revisionLocation,
    'get-application-revision': revisionLocation,
    'register-application-revision': revisionLocation,
  },
}
