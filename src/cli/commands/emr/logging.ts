// Which policies of keeping logs in S3 go together, and with a place for them?

import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'

const TYPES = ['system-logs', 'application-logs', 'persistent-ui-logs']
const POLICIES = ['emr-managed', 'on-customer-s3only', 'disabled']

/** Throws Failure('ParamValidation'). */
export function checkS3Logging(monitoring: Structure | undefined, logUri: string | undefined): void {
  const s3 = monitoring?.S3LoggingConfiguration as { LogTypeUploadPolicy?: Record<string, string> } | undefined
  const policies = s3?.LogTypeUploadPolicy ?? {}
  if (Object.keys(policies).length === 0) return
  const refuse = (when: boolean, message: string): void => {
    if (when) throw new Failure('ParamValidation', message)
  }
  for (const [type, policy] of Object.entries(policies)) {
    refuse(
      !TYPES.includes(type),
      `Invalid log type specified for the current S3LoggingConfiguration. Supported log types: ${TYPES.join(', ')}`,
    )
    refuse(
      !POLICIES.includes(policy),
      `Invalid policy specified for the current S3LoggingConfiguration. Supported policies: ${POLICIES.join(', ')}`,
    )
    refuse(
      type === 'persistent-ui-logs' && policy === 'on-customer-s3only',
      "Invalid policy for log type 'persistent-ui-logs'. Supported values for persistent-ui-logs: emr-managed, disabled",
    )
  }
  const kept = policies['system-logs'] !== 'disabled' || policies['application-logs'] !== 'disabled'
  const placed = logUri !== undefined && logUri.trim() !== ''
  refuse(
    kept && !placed,
    'A valid S3 location (LogUri) is required for the current S3LoggingConfiguration. Please specify an S3 bucket and ' +
      'try again.',
  )
  refuse(
    !kept && placed,
    'LogUri must not be specified when system-logs and application-logs policies are both disabled in ' +
      'S3LoggingConfiguration',
  )
}
