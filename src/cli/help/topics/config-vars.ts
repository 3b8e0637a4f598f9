// Which settings are there? The table that the client reads them by says where each may come from; here is what each is
// for.

import { settingNames, settingRow } from '../../../client/config/table.ts'
import type { Topic } from './topic.ts'

const about: Readonly<Record<string, string>> = {
  profile: 'the profile to use where none is named',
  region: 'the region to call',
  output: 'how results are written',
  config_file: 'where the configuration file is',
  credentials_file: 'where the credentials file is',
  data_path: 'more folders with API models, beside ~/.aws/models',
  ca_bundle: 'a file of certificate authorities to trust',
  endpoint_url: 'the URL to send requests to; AWS_ENDPOINT_URL_SERVICE for one service',
  services: 'the section with settings for single services: [services NAME]',
  ignore_configured_endpoint_urls: 'sends to AWS whatever URLs are configured',
  use_fips_endpoint: 'calls the FIPS endpoints',
  use_dualstack_endpoint: 'calls the endpoints that also answer over IPv6',
  retry_mode: 'how failed requests are tried again',
  max_attempts: 'how often a request is tried, the first time included',
  request_checksum_calculation: 'when requests get a checksum',
  response_checksum_validation: 'when checksums of answers are checked',
  disable_request_compression: 'sends large requests as they are',
  request_min_compression_size_bytes: 'from which size on requests are compressed, where the operation takes that',
  parameter_validation: 'whether input is checked before it is sent',
  sdk_ua_app_id: 'what the application is called in the user agent',
  aws_access_key_id: 'the access key',
  aws_secret_access_key: 'the secret that belongs to it',
  aws_session_token: 'the token of temporary credentials',
  role_arn: 'the role to assume',
  role_session_name: 'what the session of the assumed role is called',
  web_identity_token_file: 'the file of the token to assume the role with',
  source_profile: 'the profile whose credentials assume the role',
  credential_source: 'or where else these come from: Environment, Ec2InstanceMetadata, EcsContainer',
  external_id: 'what the role’s trust policy wants to hear',
  mfa_serial: 'the MFA device whose code is asked for',
  duration_seconds: 'how long the session lasts',
  credential_process: 'the program that prints credentials',
  sso_session: 'the section with the IAM Identity Center to log in to',
  sso_account_id: 'the account to use there',
  sso_role_name: 'the role to use there',
  login_session: 'the session that aws login made',
  metadata_service_timeout: 'how many seconds the instance’s metadata service may take',
  metadata_service_num_attempts: 'how often it is asked',
  ec2_metadata_disabled: 'never asks it',
  cli_pager: 'the program that shows long output; empty for none',
  cli_auto_prompt: 'whether the command line is asked for: off, on, or on-partial: where it is not complete',
  cli_binary_format: 'how binary values are typed',
  cli_timestamp_format: 'how times are shown: iso8601, or wire: as the service wrote them',
  cli_error_format: 'how errors are written',
  cli_help_output: 'where help is shown',
  cli_history: 'whether commands are recorded',
}

export function configVars(): Topic {
  return {
    title: 'settings: files, variables, and which comes first',
    sections: {
      Precedence: `
        <p>What is typed comes first, then environment variables, then the credentials file, then the configuration file,
        then the default. <code>virga configure list</code> tells where the most important ones came from.</p>`,
      Files: `
        <p><code>~/.aws/config</code> has a section for each profile, and <code>~/.aws/credentials</code> has their keys:</p>
        <pre>
[default]
region = eu-west-1

[profile audit]
role_arn = arn:aws:iam::123456789012:role/audit
source_profile = default
s3 =
  addressing_style = path
</pre>
        <p>In the credentials file a profile’s section bears its name alone: <code>[audit]</code>. Lines below a key that are
        indented are a block of settings of their own.</p>`,
      Settings: `<p>The key in a profile, the environment variables, and the default:</p>${settings()}`,
    },
  }
}

function settings(): string {
  const rows = settingNames().flatMap((name) => {
    const row = settingRow(name)
    if (row === undefined) return []
    const { env, key, default: byDefault } = row
    const from = [...(key === undefined ? [] : [key]), ...env].map((each) => `<code>${each}</code>`).join(', ')
    const end = byDefault === undefined ? '' : ` Default: <code>${byDefault}</code>.`
    return [`<dt>${from}</dt><dd>${sentence(about[name] ?? name.replaceAll('_', ' '))}${end}</dd>`]
  })
  return `<dl>${rows.join('')}</dl>`
}

function sentence(words: string): string {
  return `${words[0]!.toUpperCase()}${words.slice(1)}.`
}
