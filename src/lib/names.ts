// How does a name of the API look on the command line? `DescribeDBInstances` → `describe-db-instances`.
// The rule is botocore's `xform_name`, oddities included, because scripts depend on each of them.

import { find } from './iterate.ts'

/**
 * Operations whose odd word botocore spells as one: `create-cached-iscsi-volume`, not `create-cachedi-scsi-volume`.
 * The table is by whole name: an operation that is not listed follows the plain rule, odd word or not.
 */
const ODD_NAMES: readonly (readonly [word: string, names: string])[] = [
  ['iSCSI', 'CreateCachediSCSIVolume DescribeCachediSCSIVolumes DescribeStorediSCSIVolumes CreateStorediSCSIVolume'],
  ['HITs', 'ListHITsForQualificationType'],
  ['PartiQL', 'ExecutePartiQLStatement ExecutePartiQLTransaction ExecutePartiQLBatch'],
  ['OTel', 'UpdateOTelEnrichment'],
  [
    'WhatsApp',
    'AssociateWhatsAppBusinessAccount CreateWhatsAppDataset CreateWhatsAppFlow CreateWhatsAppMessageTemplate ' +
      'CreateWhatsAppMessageTemplateFromLibrary CreateWhatsAppMessageTemplateMedia DeleteWhatsAppFlow ' +
      'DeleteWhatsAppMessageMedia DeleteWhatsAppMessageTemplate DeprecateWhatsAppFlow ' +
      'DisassociateWhatsAppBusinessAccount GetLinkedWhatsAppBusinessAccount ' +
      'GetLinkedWhatsAppBusinessAccountPhoneNumber GetWhatsAppBusinessPublicKey GetWhatsAppFlow ' +
      'GetWhatsAppFlowPreview GetWhatsAppMessageMedia GetWhatsAppMessageTemplate ListLinkedWhatsAppBusinessAccounts ' +
      'ListWhatsAppFlowAssets ListWhatsAppFlows ListWhatsAppMessageTemplates ListWhatsAppTemplateLibrary ' +
      'PostWhatsAppMessageMedia PublishWhatsAppFlow PutWhatsAppBusinessPublicKey ' +
      'PutWhatsAppBusinessAccountEventDestinations SendWhatsAppConversionEvent SendWhatsAppMessage ' +
      'UpdateWhatsAppFlow UpdateWhatsAppFlowAssets UpdateWhatsAppMessageTemplate',
  ],
]

/** `GetCallerIdentity` → `get-caller-identity`. A name that already holds a hyphen is returned as it is. */
export function kebabCase(name: string): string {
  return separated(name, '-')
}

/** `GetCallerIdentity` → `get_caller_identity`. A name that already holds an underscore is returned as it is. */
export function snakeCase(name: string): string {
  return separated(name, '_')
}

function separated(name: string, separator: '-' | '_'): string {
  if (name.includes(separator)) return name
  return withoutOddWord(name)
    .replace(/[A-Z]{2,}s$/, (plural) => separator + plural.toLowerCase()) // GatewayARNs, ListWebACLs
    .replace(/(.)([A-Z][a-z]+)/g, `$1${separator}$2`)
    .replace(/([a-z0-9])([A-Z])/g, `$1${separator}$2`)
    .toLowerCase()
}

function withoutOddWord(name: string): string {
  const odd = find(ODD_NAMES, ([word, names]) => name.includes(word) && names.split(' ').includes(name))
  return odd === undefined ? name : name.replace(odd[0], (word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase())
}
