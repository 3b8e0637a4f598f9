// Which services, commands and arguments go by another name than the model's, or are not there at all?
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

/** Service → command, or '*' for all → argument → its name. */
export const renamedArguments: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  'agent-toolkit': { '*': { name: 'skill-name' }, 'search-skills': { query: 'search-query' } },
  apigateway: { 'create-rest-api': { version: 'api-version' } },
  apigatewayv2: { 'create-api': { version: 'api-version' }, 'update-api': { version: 'api-version' } },
  clouddirectory: { 'publish-schema': { version: 'schema-version' } },
  cloudsearchdomain: { search: { query: 'search-query' }, suggest: { query: 'suggest-query' } },
  codepipeline: {
    'create-custom-action-type': { version: 'action-version' },
    'delete-custom-action-type': { version: 'action-version' },
    'get-action-type': { version: 'action-version' },
    'get-pipeline': { version: 'pipeline-version' },
  },
  controltower: {
    'create-landing-zone': { version: 'landing-zone-version' },
    'update-landing-zone': { version: 'landing-zone-version' },
  },
  datapipeline: { '*': { query: 'objects-query' }, 'get-pipeline-definition': { version: 'pipeline-version' } },
  deploy: { '*': { 's-3-location': 's3-location', 'ec-2-tag-filters': 'ec2-tag-filters' } },
  ec2: {
    '*': { 'no-egress': 'ingress', 'no-disable-api-termination': 'enable-api-termination' },
    'create-image': { 'no-no-reboot': 'reboot' },
  },
  ecs: {
    '*': { 'no-enable-execute-command': 'disable-execute-command' },
    'execute-command': { 'no-interactive': 'non-interactive' },
  },
  eks: {
    'create-cluster': { version: 'kubernetes-version' },
    'create-nodegroup': { version: 'kubernetes-version' },
    'update-cluster-components-version': { version: 'kubernetes-version' },
    'update-cluster-version': { version: 'kubernetes-version' },
    'update-nodegroup-version': { version: 'kubernetes-version' },
  },
  emr: { '*': { 'job-flow-ids': 'cluster-ids', 'job-flow-id': 'cluster-id' } },
  gamelift: {
    'create-build': { version: 'build-version' },
    'create-script': { version: 'script-version' },
    'update-build': { version: 'build-version' },
    'update-script': { version: 'script-version' },
  },
  glue: {
    'get-unfiltered-partition-metadata': { region: 'resource-region' },
    'get-unfiltered-partitions-metadata': { region: 'resource-region' },
    'get-unfiltered-table-metadata': { region: 'resource-region' },
  },
  iotwireless: { '*': { 'lo-ra-wan': 'lorawan' } },
  kinesisanalytics: { 'add-application-output': { output: 'application-output' } },
  kinesisanalyticsv2: { 'add-application-output': { output: 'application-output' } },
  'lex-models': {
    'delete-bot': { version: 'bot-version' },
    'delete-bot-version': { version: 'bot-version' },
    'delete-intent': { version: 'intent-version' },
    'delete-intent-version': { version: 'intent-version' },
    'delete-slot-type': { version: 'slot-type-version' },
    'delete-slot-type-version': { version: 'slot-type-version' },
    'get-export': { version: 'resource-version' },
    'get-intent': { version: 'intent-version' },
    'get-slot-type': { version: 'slot-type-version' },
  },
  'license-manager': {
    'delete-grant': { version: 'grant-version' },
    'get-grant': { version: 'grant-version' },
    'get-license': { version: 'license-version' },
  },
  mturk: { 'list-qualification-types': { query: 'types-query' } },
  pinpoint: {
    'delete-email-template': { version: 'template-version' },
    'delete-in-app-template': { version: 'template-version' },
    'delete-push-template': { version: 'template-version' },
    'delete-sms-template': { version: 'template-version' },
    'delete-voice-template': { version: 'template-version' },
    'get-campaign-version': { version: 'campaign-version' },
    'get-email-template': { version: 'template-version' },
    'get-in-app-template': { version: 'template-version' },
    'get-push-template': { version: 'template-version' },
    'get-segment-version': { version: 'segment-version' },
    'get-sms-template': { version: 'template-version' },
    'get-voice-template': { version: 'template-version' },
    'update-email-template': { version: 'template-version' },
    'update-in-app-template': { version: 'template-version' },
    'update-push-template': { version: 'template-version' },
    'update-sms-template': { version: 'template-version' },
    'update-voice-template': { version: 'template-version' },
  },
  rekognition: { 'create-stream-processor': { output: 'stream-processor-output' } },
  route53: {
    'delete-traffic-policy': { version: 'traffic-policy-version' },
    'get-traffic-policy': { version: 'traffic-policy-version' },
    'update-traffic-policy-comment': { version: 'traffic-policy-version' },
  },
  route53domains: { 'view-billing': { start: 'start-time', end: 'end-time' } },
  sagemaker: {
    'delete-image-version': { version: 'version-number' },
    'describe-image-version': { version: 'version-number' },
    'list-aliases': { version: 'version-number' },
    'update-image-version': { version: 'version-number' },
  },
  schemas: { '*': { version: 'schema-version' } },
  sns: { subscribe: { endpoint: 'notification-endpoint' } },
  stepfunctions: { 'send-task-success': { output: 'task-output' } },
  swf: {
    'register-activity-type': { version: 'activity-version' },
    'register-workflow-type': { version: 'workflow-version' },
  },
  workdocs: {
    'create-notification-subscription': { endpoint: 'notification-endpoint' },
    'describe-users': { query: 'user-query' },
  },
}

/** Service → command, or '*' → argument → a second name that is understood and not shown. */
export const hiddenArguments: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  elasticache: { 'create-replication-group': { 'preferred-cache-cluster-azs': 'preferred-cache-cluster-a-zs' } },
  mgn: {
    '*': {
      'replication-servers-security-groups-ids': 'replication-servers-security-groups-i-ds',
      'source-server-ids': 'source-server-i-ds',
      'replication-configuration-template-ids': 'replication-configuration-template-i-ds',
    },
  },
}
