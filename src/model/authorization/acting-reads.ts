// Which operations do something, though AWS's service authorization data lists them as Read?
//
// That data says who may be trusted with an action, not what it leaves behind. Each of these takes something away from
// others, writes or sends something somewhere, or lets an agent act.

const table: Readonly<Record<string, readonly string[]>> = {
  'bedrock-agent-runtime': ['InvokeAgent', 'InvokeFlow', 'InvokeInlineAgent'],
  'bedrock-agentcore': ['CompleteResourceTokenAuth'],
  'bedrock-runtime': ['StartAsyncInvoke'],
  'cognito-identity': ['GetId'],
  // Sends a code to somebody's telephone.
  'cognito-idp': ['GetTokensFromRefreshToken', 'GetUserAttributeVerificationCode'],
  config: ['DeliverConfigSnapshot'],
  ec2: ['StartDeclarativePoliciesReport'],
  iotsitewise: ['InvokeAssistant'],
  qbusiness: ['Chat', 'ChatSync'],
  'sagemaker-runtime': ['InvokeEndpointAsync'],
  // Hides the messages from whoever should work on them, and counts towards the dead-letter queue.
  sqs: ['ReceiveMessage'],
}

/** Names as in the model. */
export function actsThoughRead(service: string, operation: string): boolean {
  return table[service]?.includes(operation) ?? false
}
