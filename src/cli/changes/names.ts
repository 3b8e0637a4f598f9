// Which services and commands go by another name than the model's, or are not there at all? Arguments: argument-names.ts.
//
// Most renames avoid a clash with a global option (`--version`, `--output`, `--query`, `--region`, `--endpoint-url`,
// `--profile`, and what they abbreviate to); some undo an odd word; some make a negation positive. All are the
// reference's.

/** Model name → command. */
export const serviceCommands: Readonly<Record<string, string>> = {
  agenttoolkit: 'agent-toolkit',
  codedeploy: 'deploy',
  config: 'configservice',
  s3: 's3api',
}

/** Commands that are left out: event streams that cannot be shown, operations long superseded. By service command. */
export const removedCommands: Readonly<Record<string, readonly string[]>> = {
  'agent-toolkit': ['get-latest-skill-version', 'get-skill-file-checksum'],
  'bedrock-agent-runtime': [
    'agentic-retrieve-stream',
    'invoke-agent',
    'invoke-flow',
    'invoke-inline-agent',
    'optimize-prompt',
    'retrieve-and-generate-stream',
  ],
  'bedrock-agentcore': ['invoke-agent-runtime-command', 'invoke-code-interpreter', 'invoke-harness'],
  'bedrock-runtime': ['converse-stream', 'invoke-model-with-bidirectional-stream', 'invoke-model-with-response-stream'],
  connecthealth: ['start-medical-scribe-listening-session'],
  'devops-agent': ['send-message'],
  ec2: ['import-instance', 'import-volume'],
  emr: [
    'add-job-flow-steps',
    'describe-job-flows',
    'list-bootstrap-actions',
    'list-instance-groups',
    'run-job-flow',
    'set-keep-job-flow-alive-when-no-steps',
    'set-termination-protection',
    'set-unhealthy-node-replacement',
    'set-visible-to-all-users',
    'terminate-job-flows',
  ],
  iotsitewise: ['invoke-assistant'],
  kinesis: ['subscribe-to-shard'],
  lambda: ['invoke-with-response-stream'],
  'lexv2-runtime': ['start-conversation'],
  logs: ['get-log-object'],
  polly: ['start-speech-synthesis-stream'],
  qbusiness: ['chat'],
  rds: ['modify-option-group'],
  'sagemaker-runtime': ['invoke-endpoint-with-response-stream'],
  ses: ['delete-verified-email-address', 'list-verified-email-addresses', 'verify-email-address'],
}

/** Command → what it is called instead. The old name is gone. */
export const renamedCommands: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'agent-toolkit': { 'get-skill': 'get-skill-metadata', 'list-skills': 'list-available-skills' },
  cloudwatch: {
    'get-o-tel-enrichment': 'get-otel-enrichment',
    'start-o-tel-enrichment': 'start-otel-enrichment',
    'stop-o-tel-enrichment': 'stop-otel-enrichment',
  },
  signin: {
    'create-o-auth2-token': 'create-oauth2-token',
    'create-o-auth2-token-with-iam': 'create-oauth2-token-with-iam',
    'introspect-o-auth2-token-with-iam': 'introspect-oauth2-token-with-iam',
    'revoke-o-auth2-token-with-iam': 'revoke-oauth2-token-with-iam',
  },
}

/** A name an operation still answers to, not shown: command → operation. */
export const hiddenCommands: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cloudwatch: {
    'get-o-tel-enrichment': 'GetOTelEnrichment',
    'start-o-tel-enrichment': 'StartOTelEnrichment',
    'stop-o-tel-enrichment': 'StopOTelEnrichment',
  },
  signin: { 'create-o-auth2-token': 'CreateOAuth2Token' },
}

/** More commands for an operation: command → operation. */
export const extraCommands: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  rds: { 'add-option-to-option-group': 'ModifyOptionGroup', 'remove-option-from-option-group': 'ModifyOptionGroup' },
}
