// Which settings are there, and where may each come from? One row a setting, in the order of the documentation.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html and cli-configure-files.html

import { map } from '../../lib/iterate.ts'

export interface SettingRow {
  /** How the reference calls it: the name `configure get` and `Settings.key` take. */
  readonly name: string
  /** Environment variables, the first that is set wins. */
  readonly env: readonly string[]
  /** The key in a profile; `s3.addressing_style` is a key in a block. Undefined: in no file. */
  readonly key?: string
  readonly default?: string
  readonly type: 'text' | 'integer' | 'boolean' | 'choice'
  /** The variables count only as a set, which a credential provider reads: they do not overrule the key one by one. */
  readonly together: boolean
  /** The texts a choice allows. */
  readonly oneOf?: readonly string[]
}

//   *      in no file
//   group  text; its variables count together
// name | variables | default | type
// A function, because a constant would be copied to each place that reads it.
const table = (): string => `
profile*                                | AWS_PROFILE AWS_DEFAULT_PROFILE          | -                  | text
region                                  | AWS_REGION AWS_DEFAULT_REGION            | -                  | text
output                                  | AWS_DEFAULT_OUTPUT                       | json               | text
config_file*                            | AWS_CONFIG_FILE                          | ~/.aws/config      | text
credentials_file*                       | AWS_SHARED_CREDENTIALS_FILE              | ~/.aws/credentials | text
data_path                               | AWS_DATA_PATH                            | -                  | text
ca_bundle                               | AWS_CA_BUNDLE                            | -                  | text

endpoint_url                            | AWS_ENDPOINT_URL                         | -                  | text
services                                | -                                        | -                  | text
ignore_configured_endpoint_urls         | AWS_IGNORE_CONFIGURED_ENDPOINT_URLS      | false              | boolean
use_fips_endpoint                       | AWS_USE_FIPS_ENDPOINT                    | false              | boolean
use_dualstack_endpoint                  | AWS_USE_DUALSTACK_ENDPOINT               | false              | boolean
disable_host_prefix_injection           | AWS_DISABLE_HOST_PREFIX_INJECTION        | false              | boolean
endpoint_discovery_enabled              | AWS_ENDPOINT_DISCOVERY_ENABLED           | auto               | text
account_id_endpoint_mode                | AWS_ACCOUNT_ID_ENDPOINT_MODE             | preferred          | choice

retry_mode                              | AWS_RETRY_MODE                           | standard           | choice
max_attempts                            | AWS_MAX_ATTEMPTS                         | 3                  | integer
new_retries_2026*                       | AWS_NEW_RETRIES_2026                     | true               | boolean

request_checksum_calculation            | AWS_REQUEST_CHECKSUM_CALCULATION         | when_supported     | choice
response_checksum_validation            | AWS_RESPONSE_CHECKSUM_VALIDATION         | when_supported     | choice
request_min_compression_size_bytes      | AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES   | 10240              | integer
disable_request_compression             | AWS_DISABLE_REQUEST_COMPRESSION          | false              | boolean
parameter_validation                    | -                                        | true               | boolean

auth_scheme_preference                  | AWS_AUTH_SCHEME_PREFERENCE               | -                  | text
sigv4a_signing_region_set               | AWS_SIGV4A_SIGNING_REGION_SET            | -                  | text
sdk_ua_app_id                           | AWS_SDK_UA_APP_ID                        | -                  | text
tcp_keepalive                           | -                                        | false              | boolean

aws_access_key_id                       | AWS_ACCESS_KEY_ID                        | -                  | group
aws_secret_access_key                   | AWS_SECRET_ACCESS_KEY                    | -                  | group
aws_security_token                      | AWS_SECURITY_TOKEN                       | -                  | group
aws_session_token                       | AWS_SESSION_TOKEN                        | -                  | group
aws_account_id                          | AWS_ACCOUNT_ID                           | -                  | group
role_arn                                | AWS_ROLE_ARN                             | -                  | group
role_session_name                       | AWS_ROLE_SESSION_NAME                    | -                  | group
web_identity_token_file                 | AWS_WEB_IDENTITY_TOKEN_FILE              | -                  | group
source_profile                          | -                                        | -                  | text
credential_source                       | -                                        | -                  | text
external_id                             | -                                        | -                  | text
mfa_serial                              | -                                        | -                  | text
duration_seconds                        | -                                        | -                  | text
credential_process                      | -                                        | -                  | text
sso_session                             | -                                        | -                  | text
sso_start_url                           | -                                        | -                  | text
sso_region                              | -                                        | -                  | text
sso_account_id                          | -                                        | -                  | text
sso_role_name                           | -                                        | -                  | text
login_session                           | -                                        | -                  | text

metadata_service_timeout                | AWS_METADATA_SERVICE_TIMEOUT             | 1                  | integer
metadata_service_num_attempts           | AWS_METADATA_SERVICE_NUM_ATTEMPTS        | 1                  | integer
ec2_metadata_service_endpoint           | AWS_EC2_METADATA_SERVICE_ENDPOINT        | -                  | text
ec2_metadata_service_endpoint_mode      | AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE   | -                  | text
ec2_metadata_disabled*                  | AWS_EC2_METADATA_DISABLED                | false              | boolean
ec2_metadata_v1_disabled                | AWS_EC2_METADATA_V1_DISABLED             | false              | boolean
imds_use_ipv6                           | AWS_IMDS_USE_IPV6                        | false              | boolean

s3.addressing_style                     | -                                        | -                  | text
s3.use_accelerate_endpoint              | -                                        | false              | boolean
s3.use_dualstack_endpoint               | -                                        | false              | boolean
s3.payload_signing_enabled              | -                                        | false              | boolean
s3_use_arn_region                       | AWS_S3_USE_ARN_REGION                    | false              | boolean
s3.use_arn_region                       | -                                        | false              | boolean
s3.s3_disable_multiregion_access_points | AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS | false              | boolean
# The documentation says disable_s3_express_session_auth; the reference reads this.
s3_disable_express_session_auth         | AWS_S3_DISABLE_EXPRESS_SESSION_AUTH      | false              | boolean

# AWS_PAGER ranks before the key and PAGER after it: who pages knows.
cli_pager                               | AWS_PAGER                                | -                  | text
cli_auto_prompt                         | AWS_CLI_AUTO_PROMPT                      | off                | choice
cli_binary_format                       | -                                        | base64             | text
cli_timestamp_format                    | -                                        | iso8601            | text
cli_error_format                        | AWS_CLI_ERROR_FORMAT                     | enhanced           | text
cli_help_output                         | -                                        | terminal           | text
cli_history                             | -                                        | -                  | text
`

const choices: Readonly<Record<string, readonly string[]>> = {
  account_id_endpoint_mode: ['preferred', 'disabled', 'required'],
  retry_mode: ['standard', 'adaptive'],
  request_checksum_calculation: ['when_supported', 'when_required'],
  response_checksum_validation: ['when_supported', 'when_required'],
  cli_auto_prompt: ['off', 'on', 'on-partial'],
}

/** The table's lines by name. */
let lines: Map<string, string> | undefined
const rows = new Map<string, SettingRow>()

/** Undefined for a key that is no setting of ours. A row is read when it is asked for: most commands need a few of them. */
export function settingRow(name: string): SettingRow | undefined {
  const known = rows.get(name)
  if (known !== undefined) return known
  const line = (lines ??= linesByName()).get(name)
  if (line === undefined) return undefined
  const row = readRow(name, line)
  rows.set(name, row)
  return row
}

/** Every name, in the order of the table. */
export function settingNames(): string[] {
  return [...(lines ??= linesByName()).keys()]
}

function linesByName(): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of table().split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const first = line.slice(0, line.indexOf(' '))
    found.set(first.endsWith('*') ? first.slice(0, -1) : first, line)
  }
  return found
}

function readRow(name: string, line: string): SettingRow {
  const [first = '', variables = '', byDefault, type] = map(line.split('|'), (cell) => cell.trim())
  return {
    name,
    env: variables === '-' ? [] : variables.split(' '),
    key: first.endsWith('*') ? undefined : name,
    default: byDefault === '-' ? undefined : byDefault,
    type: type === 'group' ? 'text' : (type as SettingRow['type']),
    together: type === 'group',
    oneOf: choices[name],
  }
}
