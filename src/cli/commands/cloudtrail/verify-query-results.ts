// Were the files of a CloudTrail Lake query changed since they were exported?

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import { callWith, settingsFor } from '../../clients.ts'
import { jsonValue } from '../../input/json.ts'
import { pythonError } from '../../input/param-file.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { dateOf, isSigned, publicKeys } from './signature.ts'

const SIGN_FILE = 'result_sign.json'

interface SignFile {
  readonly files: readonly { readonly fileName: string; readonly fileHashValue: string }[]
  readonly hashSignature: string
  readonly queryCompleteTime: string
  readonly publicKeyFingerprint: string
}

type Read = (name: string) => Promise<Uint8Array>

export const verifyQueryResults = command({
  name: 'cloudtrail verify-query-results',
  help: "Validates CloudTrail Lake query's export files, with the sign file that was delivered with them.",
  arguments: {
    'local-export-path': { help: 'The local directory of export and sign file, e.g. /local/path/to/export/file/.' },
    's3-bucket': { help: 'The S3 bucket that stores the query result and sign file.' },
    's3-prefix': { help: 'The S3 folder that contains export and sign file; not needed for the root of the bucket.' },
  },
  run: async (given, context) => {
    const {
      'local-export-path': folder,
      's3-bucket': bucket,
      's3-prefix': prefix = '',
    } = given as Record<string, string>
    if (!folder && !bucket)
      throw new Failure('ParamValidation', 'Require parameter --s3-bucket or --local-export-path.')
    if (folder && (bucket || prefix)) {
      throw new Failure(
        'ParamValidation',
        'Parameter --local-export-path can not be specified with parameter --s3-bucket nor --s3-prefix.',
      )
    }
    const read = folder
      ? fromFolder(folder)
      : await fromBucket(bucket!, prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`, context)
    const sign = signFile(new TextDecoder().decode(await read(SIGN_FILE)))
    await checkFiles(sign, read)
    await checkSignature(sign, context)
    context.write('Successfully validated sign and query result files\n')
    return 0
  },
})

function fromFolder(folder: string): Read {
  return async (name) => {
    const path = join(folder, name)
    try {
      return readFileSync(path)
    } catch (error) {
      throw new Failure('InvalidValue', pythonError(error, path))
    }
  }
}

async function fromBucket(bucket: string, prefix: string, context: Context): Promise<Read> {
  const settings = settingsFor(await context.settings(), { endpointUrl: 'configured' })
  return async (name) => {
    const { Body } = await callWith(
      settings,
      's3',
      'GetObject',
      { Bucket: bucket, Key: prefix + name },
      { stream: false },
    )
    return Body as Uint8Array
  }
}

function signFile(text: string): SignFile {
  try {
    return jsonValue(text) as unknown as SignFile
  } catch (error) {
    throw new Failure(
      'InvalidValue',
      `InformationCollectionError: Unable to load result_sign.json file, due to ${(error as Error).message}`,
    )
  }
}

async function checkFiles({ files }: SignFile, read: Read): Promise<void> {
  if (!Array.isArray(files)) throw invalid('Invalid sign file provided.')
  if (files.length === 0) throw invalid('No export file was found in sign file.')
  for (const { fileName, fileHashValue } of files) {
    const found = createHash('sha256')
      .update(await read(fileName))
      .digest('hex')
    if (found === fileHashValue) continue
    throw invalid(
      `File ${fileName} has inconsistent hash value with hash value recorded in sign file, hash value in sign file is ` +
        `${fileHashValue} , but get ${found}`,
    )
  }
}

/** Milliseconds after the end of a query for which keys are looked for. */
const SIGNING = 20 * 24 * 3_600_000

async function checkSignature(sign: SignFile, context: Context): Promise<void> {
  const { queryCompleteTime, publicKeyFingerprint, files, hashSignature } = sign
  const time = await dateOf(queryCompleteTime)
  const keys = await publicKeys(time, new Date(time.getTime() + SIGNING), context)
  const key = keys.get(publicKeyFingerprint)
  if (key === undefined) {
    throw new Failure('InvalidValue', `No public keys found for key with fingerprint: ${publicKeyFingerprint}`)
  }
  const text = files.map(({ fileHashValue }) => fileHashValue).join(' ')
  let signed: boolean
  try {
    signed = await isSigned(text, hashSignature, key, 'pkcs1')
  } catch {
    throw invalid(`Sign file invalid, unable to load PKCS #1 key: ${key}`)
  }
  if (!signed) throw invalid('Invalid signature in sign file')
}

function invalid(message: string): Failure {
  return new Failure('InvalidValue', `ValidationError: ${message}`)
}
