// What S3 wants that its model does not say.

import type { Structure, Value } from '../../lib/value.ts'
import { percentDecode } from '../../lib/percent.ts'
import { isStructure } from '../../lib/value.ts'
import type { Exchange, Quirks } from './index.ts'

export const s3: Quirks = {
  input(input, { operation }) {
    if (encodedNames[operation.name] && input['EncodingType'] === undefined) input['EncodingType'] = 'url'
    return input
  },

  // The endpoint says where the bucket goes, in the host or in front of the path; the model's own place for it is dropped.
  request(message, { operation, input }) {
    if (!operation.http.requestUri.startsWith('/{Bucket}')) return message
    const bucket = /^\/[^/]*/.exec(message.path)![0]
    return input['Bucket'] === undefined ? message : { ...message, path: message.path.slice(bucket.length) }
  },

  output(output, { operation, given, response }) {
    if (operation.name === 'GetBucketLocation') return { LocationConstraint: locationIn(response.body) }
    return listWithPlainNames(output, operation.name, given)
  },
}

/**
 * Keys may hold characters that XML cannot: so listings are asked for in URL encoding, and decoded when the caller did
 * not ask for that himself. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html (encoding-type)
 */
const encodedNames: Readonly<Record<string, { own: readonly string[]; nested: readonly [string, string][] }>> = {
  ListObjects: {
    own: ['Delimiter', 'Marker', 'NextMarker'],
    nested: [
      ['Contents', 'Key'],
      ['CommonPrefixes', 'Prefix'],
    ],
  },
  ListObjectsV2: {
    own: ['Delimiter', 'Prefix', 'StartAfter'],
    nested: [
      ['Contents', 'Key'],
      ['CommonPrefixes', 'Prefix'],
    ],
  },
  ListObjectVersions: {
    own: ['KeyMarker', 'NextKeyMarker', 'Prefix', 'Delimiter'],
    nested: [
      ['Versions', 'Key'],
      ['DeleteMarkers', 'Key'],
      ['CommonPrefixes', 'Prefix'],
    ],
  },
}

function listWithPlainNames(output: Structure, operation: string, given: Exchange['given']): Structure {
  const names = encodedNames[operation]
  if (!names || given['EncodingType'] !== undefined || output['EncodingType'] !== 'url') return output
  for (const member of names.own) decode(output, member)
  for (const [list, member] of names.nested) {
    for (const item of (output[list] as Value[] | undefined) ?? []) if (isStructure(item)) decode(item, member)
  }
  return output
}

function decode(structure: Structure, member: string): void {
  const value = structure[member]
  if (typeof value === 'string') structure[member] = percentDecode(value.replaceAll('+', ' '))
}

/** The answer has no members: its root element is the value. `<LocationConstraint xmlns="…">eu-west-1</LocationConstraint>` */
function locationIn(body: unknown): string | null {
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : ''
  return /<LocationConstraint[^>]*>([^<]+)</.exec(text)?.[1]?.trim() ?? null
}
