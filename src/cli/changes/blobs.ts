// Services whose blobs stand inside a structure, where `fileb://` does not reach: each gets an argument of its own.

import { utf8 } from '../../lib/bytes.ts'
import { hoistedBlob, refused } from './change.ts'
import type { CommandChange, ServiceChanges } from './change.ts'

const imageBytes = hoistedBlob('image', 'Image', 'Bytes', 'image-bytes')
const source = hoistedBlob('source-image', 'SourceImage', 'Bytes', 'source-image-bytes')
const target = hoistedBlob('target-image', 'TargetImage', 'Bytes', 'target-image-bytes')

const imageCommands = [
  'detect-custom-labels',
  'detect-faces',
  'detect-labels',
  'detect-moderation-labels',
  'detect-protective-equipment',
  'detect-text',
  'index-faces',
  'recognize-celebrities',
  'search-faces-by-image',
  'search-users-by-image',
]

export const rekognition: ServiceChanges = {
  commands: {
    ...Object.fromEntries(imageCommands.map((command) => [command, imageBytes])),
    'compare-faces': {
      optional: ['source-image', 'target-image'],
      add: { ...source.add, ...target.add },
      input: async (input, given, around) => {
        await source.input!(input, given, around)
        await target.input!(input, given, around)
      },
    },
  },
}

export const quicksight: ServiceChanges = {
  commands: {
    'start-asset-bundle-import-job': hoistedBlob(
      'asset-bundle-import-source',
      'AssetBundleImportSource',
      'Body',
      'asset-bundle-import-source-bytes',
    ),
  },
}

export const translate: ServiceChanges = {
  commands: {
    'import-terminology': memberOf(
      hoistedBlob('terminology-data', 'TerminologyData', 'File', 'data-file', {
        required: true,
        refuse:
          "File cannot be provided as part of the '--terminology-data' argument. Please use the '--data-file' " +
          'option instead to specify a file.',
      }),
      'data-file',
      'TerminologyData',
    ),
    'translate-document': memberOf(
      hoistedBlob('document', 'Document', 'Content', 'document-content', {
        required: true,
        keepRequired: true,
        refuse:
          "Content cannot be provided as a part of the '--document' argument. Please use the " +
          "'--document-content' option instead to specify a file.",
      }),
      'document-content',
      'Document',
    ),
  },
}

/** The grammar names the member that the argument ends up in. */
function memberOf(change: CommandChange, argument: string, member: string): CommandChange {
  return { ...change, add: { [argument]: { ...change.add![argument], inside: member } } }
}

const ZIP_HELP =
  '--zip-file must be a zip file with the fileb:// prefix.\nExample usage:  --zip-file fileb://path/to/file.zip'

/** Lambda: the code comes as --zip-file, and is looked into before it is sent. */
function zipFile(argument: string, structure: string): CommandChange {
  const hoisted = hoistedBlob(argument, structure, 'ZipFile', 'zip-file', {
    refuse:
      `ZipFile cannot be provided as part of the --${argument} argument.  Please use the '--zip-file' option ` +
      'instead to specify a zip file.',
  })
  return {
    ...hoisted,
    input: (input, given, around) => {
      if (given['zip-file'] !== undefined) requireZip(given['zip-file'] as string | Uint8Array)
      return hoisted.input!(input, given, around)
    },
  }
}

function requireZip(content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? utf8(content) : content
  // The record that ends a zip file lies in its last 64 KiB: P K 5 6.
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf('PK\x05\x06')
  if (end < 0 || end < bytes.length - 65_557 || end + 22 > bytes.length) throw refused(ZIP_HELP)
}

export const lambda: ServiceChanges = {
  commands: {
    'create-function': zipFile('code', 'Code'),
    'publish-layer-version': zipFile('content', 'Content'),
    'update-function-code': {
      input: (input) => {
        if (input.ZipFile !== undefined) requireZip(input.ZipFile as string | Uint8Array)
      },
    },
  },
}
