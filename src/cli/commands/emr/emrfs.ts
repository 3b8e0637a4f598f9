// How does a cluster reach S3? --emrfs in short: consistent view, encryption on either side. Clusters with a release get
// it as a configuration, older ones as arguments of a script.

import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { actionOf } from './applications.ts'
import { missing, pairOf, scriptLink } from './steps.ts'

/** As --emrfs says it. */
export interface Emrfs {
  readonly Consistent?: boolean
  readonly SSE?: boolean
  readonly RetryCount?: number
  readonly RetryPeriod?: number
  readonly Args?: readonly string[]
  readonly Encryption?: string
  readonly ProviderType?: string
  readonly KMSKeyId?: string
  readonly CustomProviderLocation?: string
  readonly CustomProviderClass?: string
}

const KMS = ['KMSKeyId'] as const
const CUSTOM = ['CustomProviderLocation', 'CustomProviderClass'] as const

/** Throws Failure('ParamValidation'). */
export function emrfsConfiguration(emrfs: Emrfs): Structure {
  check(emrfs)
  const uri = clientSide(emrfs, 'CUSTOM')
    ? { 'fs.s3.cse.encryptionMaterialsProvider.uri': emrfs.CustomProviderLocation! }
    : {}
  return { Classification: 'emrfs-site', Properties: { ...propertiesOf(emrfs), ...uri } }
}

/** Throws Failure('ParamValidation'). */
export function emrfsActions(emrfs: Emrfs, region: string | undefined): Structure[] {
  check(emrfs)
  const args = Object.entries(propertiesOf(emrfs)).flatMap(([key, value]) => ['-e', value ? `${key}=${value}` : key])
  const fetched = ['-s', emrfs.CustomProviderLocation ?? '', '-d', '/usr/share/aws/emr/auxlib', '-f']
  return [
    ...(clientSide(emrfs, 'CUSTOM') ? [actionOf('S3 get', 'file:/usr/share/aws/emr/scripts/s3get', fetched)] : []),
    actionOf('Setup EMRFS', scriptLink('/bootstrap-actions/configure-hadoop', region), args),
  ]
}

function propertiesOf(emrfs: Emrfs): Record<string, string> {
  const { Consistent, RetryCount, RetryPeriod, SSE, Args = [] } = emrfs
  const properties: Record<string, string> = {}
  if (Consistent !== undefined) {
    properties['fs.s3.consistent'] = String(Consistent)
    if (RetryCount !== undefined) properties['fs.s3.consistent.retryCount'] = String(RetryCount)
    if (RetryPeriod !== undefined) properties['fs.s3.consistent.retryPeriodSeconds'] = String(RetryPeriod)
  }
  if (SSE !== undefined || emrfs.Encryption?.toUpperCase() === 'SERVERSIDE') {
    properties['fs.s3.enableServerSideEncryption'] = String(SSE ?? true)
  }
  const provider = 'fs.s3.cse.encryptionMaterialsProvider'
  if (clientSide(emrfs, 'KMS')) {
    properties['fs.s3.cse.enabled'] = 'true'
    properties[provider] = 'com.amazon.ws.emr.hadoop.fs.cse.KMSEncryptionMaterialsProvider'
    properties['fs.s3.cse.kms.keyId'] = emrfs.KMSKeyId!
  }
  if (clientSide(emrfs, 'CUSTOM')) {
    properties['fs.s3.cse.enabled'] = 'true'
    properties[provider] = emrfs.CustomProviderClass!
  }
  for (const { Key, Value } of Args.map(pairOf)) properties[Key] = Value
  return properties
}

function clientSide({ Encryption, ProviderType }: Emrfs, provider: 'KMS' | 'CUSTOM'): boolean {
  return Encryption?.toUpperCase() === 'CLIENTSIDE' && ProviderType?.toUpperCase() === provider
}

function check(emrfs: Emrfs): void {
  const { Encryption, SSE, ProviderType } = emrfs
  const has = (name: keyof Emrfs): boolean => emrfs[name] !== undefined
  const refuse = (message: string): never => {
    throw new Failure('ParamValidation', message)
  }
  const encryption = Encryption?.toUpperCase()
  if (encryption !== undefined && encryption !== 'CLIENTSIDE' && encryption !== 'SERVERSIDE') {
    refuse(`The encryption type "${Encryption}" is invalid. You must specify either ServerSide or ClientSide`)
  }
  if (SSE !== undefined && encryption !== undefined) {
    refuse(
      `Both SSE=${SSE ? 'True' : 'False'} and Encryption=${Encryption} are configured for --emrfs. ` +
        'You must specify only one of the two.',
    )
  }
  const option = '--emrfs Encryption=ClientSide'
  if (encryption === 'CLIENTSIDE') {
    if (ProviderType === undefined) throw missing(option, 'ProviderType')
    const needed = { KMS, CUSTOM }[ProviderType.toUpperCase()] as readonly (keyof Emrfs)[] | undefined
    if (needed === undefined) {
      refuse(
        `The client side encryption type "${ProviderType}" is not supported. You must specify either KMS or Custom`,
      )
    }
    const absent = needed!.filter((name) => !has(name))
    const provider = ProviderType.toUpperCase() === 'KMS' ? 'KMS' : 'Custom'
    if (absent.length > 0) throw missing(`${option},ProviderType=${provider}`, enumeration(absent))
  }
  const rest: [boolean, string, readonly (keyof Emrfs)[]][] = [
    [has('Consistent'), '--emrfs Consistent=true/false', ['RetryCount', 'RetryPeriod']],
    [clientSide(emrfs, 'KMS'), `${option},ProviderType=KMS`, KMS],
    [clientSide(emrfs, 'CUSTOM'), `${option},ProviderType=Custom`, CUSTOM],
  ]
  for (const [configured, parent, children] of rest) {
    const invalid = configured ? [] : children.filter(has)
    if (invalid.length > 0) {
      refuse(`${parent} is not specified. Thus,  following parameters are invalid: ${enumeration(invalid)}`)
    }
  }
}

/** `a and b`. */
function enumeration(names: readonly string[]): string {
  return names.toSorted().join(' and ')
}
