// Which settings are there, and where may each come from? One row a setting, in the order of the documentation.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html and cli-configure-files.html

export interface SettingRow {
  /** How the reference calls it: the name `configure get` and `Settings.key` take. */
  readonly name: string
  /** Environment variables, the first that is set wins. */
  readonly env: readonly string[]
  /** The key in a profile; `s3.addressing_style` is a key in a block. Undefined: in no file. */
  readonly key?: string
  readonly default?: string
  readonly type: 'text' | 'integer' | 'boolean'
  /** The variables count only as a set, which a credential provider reads: they do not overrule the key one by one. */
  readonly together?: boolean
  /** Where only these texts are allowed. */
  readonly oneOf?: readonly string[]
}

let table: ReadonlyMap<string, SettingRow> | undefined

export function settingRows(): ReadonlyMap<string, SettingRow> {
  return (table ??= new Map(rows().map((row) => [row.name, row])))
}

function rows(): SettingRow[] {
  return [
    text('profile', ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'], { key: undefined }),
    text('region', ['AWS_REGION', 'AWS_DEFAULT_REGION']),
    text('output', ['AWS_DEFAULT_OUTPUT'], { default: 'json' }),
    text('config_file', ['AWS_CONFIG_FILE'], { key: undefined, default: '~/.aws/config' }),
    text('credentials_file', ['AWS_SHARED_CREDENTIALS_FILE'], { key: undefined, default: '~/.aws/credentials' }),
    text('data_path', ['AWS_DATA_PATH']),
    text('ca_bundle', ['AWS_CA_BUNDLE']),

    text('endpoint_url', ['AWS_ENDPOINT_URL']),
    text('services', []),
    flag('ignore_configured_endpoint_urls', ['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']),
    flag('use_fips_endpoint', ['AWS_USE_FIPS_ENDPOINT']),
    flag('use_dualstack_endpoint', ['AWS_USE_DUALSTACK_ENDPOINT']),
    flag('disable_host_prefix_injection', ['AWS_DISABLE_HOST_PREFIX_INJECTION']),
    text('endpoint_discovery_enabled', ['AWS_ENDPOINT_DISCOVERY_ENABLED'], { default: 'auto' }),
    choice('account_id_endpoint_mode', ['AWS_ACCOUNT_ID_ENDPOINT_MODE'], ['preferred', 'disabled', 'required']),

    choice('retry_mode', ['AWS_RETRY_MODE'], ['standard', 'adaptive']),
    integer('max_attempts', ['AWS_MAX_ATTEMPTS'], { default: '3' }),
    flag('new_retries_2026', ['AWS_NEW_RETRIES_2026'], { key: undefined, default: 'true' }),

    choice('request_checksum_calculation', ['AWS_REQUEST_CHECKSUM_CALCULATION'], ['when_supported', 'when_required']),
    choice('response_checksum_validation', ['AWS_RESPONSE_CHECKSUM_VALIDATION'], ['when_supported', 'when_required']),
    integer('request_min_compression_size_bytes', ['AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES'], { default: '10240' }),
    flag('disable_request_compression', ['AWS_DISABLE_REQUEST_COMPRESSION']),
    flag('parameter_validation', [], { default: 'true' }),

    text('auth_scheme_preference', ['AWS_AUTH_SCHEME_PREFERENCE']),
    text('sigv4a_signing_region_set', ['AWS_SIGV4A_SIGNING_REGION_SET']),
    text('sdk_ua_app_id', ['AWS_SDK_UA_APP_ID']),
    flag('tcp_keepalive', []),

    provided('aws_access_key_id', ['AWS_ACCESS_KEY_ID']),
    provided('aws_secret_access_key', ['AWS_SECRET_ACCESS_KEY']),
    provided('aws_security_token', ['AWS_SECURITY_TOKEN']),
    provided('aws_session_token', ['AWS_SESSION_TOKEN']),
    provided('aws_account_id', ['AWS_ACCOUNT_ID']),
    provided('role_arn', ['AWS_ROLE_ARN']),
    provided('role_session_name', ['AWS_ROLE_SESSION_NAME']),
    provided('web_identity_token_file', ['AWS_WEB_IDENTITY_TOKEN_FILE']),
    text('source_profile', []),
    text('credential_source', []),
    text('external_id', []),
    text('mfa_serial', []),
    text('duration_seconds', []),
    text('credential_process', []),
    text('sso_session', []),
    text('sso_start_url', []),
    text('sso_region', []),
    text('sso_account_id', []),
    text('sso_role_name', []),
    text('login_session', []),

    integer('metadata_service_timeout', ['AWS_METADATA_SERVICE_TIMEOUT'], { default: '1' }),
    integer('metadata_service_num_attempts', ['AWS_METADATA_SERVICE_NUM_ATTEMPTS'], { default: '1' }),
    text('ec2_metadata_service_endpoint', ['AWS_EC2_METADATA_SERVICE_ENDPOINT']),
    text('ec2_metadata_service_endpoint_mode', ['AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE']),
    flag('ec2_metadata_disabled', ['AWS_EC2_METADATA_DISABLED'], { key: undefined }),
    flag('ec2_metadata_v1_disabled', ['AWS_EC2_METADATA_V1_DISABLED']),
    flag('imds_use_ipv6', ['AWS_IMDS_USE_IPV6']),

    text('s3.addressing_style', []),
    flag('s3.use_accelerate_endpoint', []),
    flag('s3.use_dualstack_endpoint', []),
    flag('s3.payload_signing_enabled', []),
    flag('s3_use_arn_region', ['AWS_S3_USE_ARN_REGION']),
    flag('s3.use_arn_region', []),
    flag('s3.s3_disable_multiregion_access_points', ['AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS']),
    // The documentation says disable_s3_express_session_auth; the reference reads this.
    flag('s3_disable_express_session_auth', ['AWS_S3_DISABLE_EXPRESS_SESSION_AUTH']),

    // AWS_PAGER ranks before the key and PAGER after it: who pages knows.
    text('cli_pager', ['AWS_PAGER']),
    choice('cli_auto_prompt', ['AWS_CLI_AUTO_PROMPT'], ['off', 'on', 'on-partial']),
    text('cli_binary_format', [], { default: 'base64' }),
    text('cli_timestamp_format', [], { default: 'iso8601' }),
    text('cli_error_format', ['AWS_CLI_ERROR_FORMAT'], { default: 'enhanced' }),
    text('cli_help_output', [], { default: 'terminal' }),
    text('cli_history', []),
  ]
}

type Rest = Partial<SettingRow>

function text(name: string, env: string[], rest: Rest = {}): SettingRow {
  return { name, env, key: name, type: 'text', ...rest }
}

function provided(name: string, env: string[]): SettingRow {
  return { name, env, key: name, type: 'text', together: true }
}

function flag(name: string, env: string[], rest: Rest = {}): SettingRow {
  return { name, env, key: name, type: 'boolean', default: 'false', ...rest }
}

function integer(name: string, env: string[], rest: Rest = {}): SettingRow {
  return { name, env, key: name, type: 'integer', ...rest }
}

function choice(name: string, env: string[], oneOf: string[]): SettingRow {
  return { name, env, key: name, type: 'text', default: oneOf[0], oneOf }
}
