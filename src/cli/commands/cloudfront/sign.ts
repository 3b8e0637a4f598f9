// A link to something private behind CloudFront, good for a while.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html

import { toBase64, utf8 } from '../../../lib/bytes.ts'
import { Failure } from '../../../lib/errors.ts'
import { asciiString } from '../../../lib/json.ts'
import { parseTimestamp } from '../../../lib/time.ts'
import { command } from '../command.ts'

const DATES = 'As YYYY-MM-DD, YYYY-MM-DDThh:mm:ss, with +hh:mm, or seconds since 1970; UTC where no zone is said.'

export const sign = command({
  name: 'cloudfront sign',
  help: 'Sign a given url.',
  arguments: {
    url: { noParamFile: true, required: true, help: 'The URL to be signed' },
    'key-pair-id': { required: true, help: 'The active CloudFront key pair Id of the private key.' },
    'private-key': { required: true, help: 'file://path/to/your/private-key.pem' },
    'date-less-than': { required: true, help: `The expiration date and time for the URL. ${DATES}` },
    'date-greater-than': { help: `An optional start date and time for the URL. ${DATES}` },
    'ip-address': { help: 'The IP address or range from which the URL may be used: x.x.x.x or x.x.x.x/x.' },
  },
  run: async (given, { write }) => {
    const { url, 'key-pair-id': keyId, 'private-key': key, 'ip-address': address } = given as Record<string, string>
    const until = moment(given['date-less-than'] as string)
    const from = given['date-greater-than'] === undefined ? undefined : moment(given['date-greater-than'] as string)
    const plain = from === undefined && address === undefined
    const policy = policyOf(url!, until, from, address)
    const params = [
      plain ? `Expires=${until}` : `Policy=${linkBase64(utf8(policy))}`,
      `Signature=${linkBase64(await signature(policy, key!))}`,
      `Key-Pair-Id=${keyId}`,
    ]
    write(`${url}${url!.includes('?') ? '&' : '?'}${params.join('&')}`)
    return 0
  },
})

/** Seconds since 1970. */
function moment(text: string): number {
  try {
    return Number(parseTimestamp(text).seconds)
  } catch (error) {
    throw new Failure('InvalidValue', (error as Error).message)
  }
}

/** Without blanks: CloudFront checks the signature of the policy that it would write itself. */
function policyOf(url: string, until: number, from: number | undefined, address: string | undefined): string {
  const conditions = [`"DateLessThan":{"AWS:EpochTime":${until}}`]
  if (address !== undefined) {
    conditions.push(`"IpAddress":{"AWS:SourceIp":${asciiString(address.includes('/') ? address : `${address}/32`)}}`)
  }
  if (from !== undefined) conditions.push(`"DateGreaterThan":{"AWS:EpochTime":${from}}`)
  return `{"Statement":[{"Resource":${asciiString(url)},"Condition":{${conditions.join(',')}}}]}`
}

async function signature(policy: string, pem: string): Promise<Uint8Array> {
  const { createPrivateKey, sign: signBytes } = await import('node:crypto')
  let key
  try {
    key = createPrivateKey(pem)
  } catch {
    throw new Failure('InvalidValue', 'The value of --private-key is not a private key in PEM format. Use file://path.')
  }
  if (key.asymmetricKeyType !== 'rsa') throw new Failure('InvalidValue', 'RSA private key not found in PEM.')
  return signBytes('sha1', utf8(policy), key)
}

function linkBase64(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~')
}
