// What is IAM asked about, and what does a refusal name, where an operation names no resource? For most actions nothing
// (`*`, which no message repeats). For some a pattern that stands for all of a kind, so that a policy for `table/*` is
// enough to list tables. Known from refusals that AWS gave:
//
//   is not authorized to perform: dynamodb:ListTables on resource: arn:aws:dynamodb:us-east-1:123456789012:table/* because …
//   is not authorized to perform: lambda:ListFunctions on resource: * because …

/** The last part of the ARN. */
const kinds = `
cloudformation:DescribeStacks         stack/*/*
cloudformation:ListStacks             stack/*/*
cognito-identity:ListIdentityPools    identitypool/
dynamodb:ListTables                   table/*
eks:ListClusters                      cluster/*
events:ListRules                      rule/*
logs:DescribeLogGroups                log-group::log-stream:
rds:DescribeDBInstances               db:*
sqs:ListQueues                        -
ssm:DescribeInstanceInformation       *
ssm:DescribeParameters                *
states:ListStateMachines              stateMachine:*
`

/** Services that say `on resource: *`. */
const saysSo = ['cognito-idp', 'ecr', 'ecs', 'kms', 'lambda', 'organizations']

let byAction: ReadonlyMap<string, string> | undefined

/** The resource that stands for all: an ARN, or `*`. */
export function unnamedResource(
  action: string,
  { partition = 'aws', account, region }: { partition?: string; account: string; region: string },
): string {
  byAction ??= new Map(
    kinds
      .trim()
      .split('\n')
      .map((line) => line.split(/ +/) as [string, string]),
  )
  const kind = byAction.get(action)
  if (kind === undefined) return '*'
  return `arn:${partition}:${action.split(':', 1)[0]}:${region}:${account}:${kind === '-' ? '' : kind}`
}

/** How a refusal spells a resource, where not by its ARN. */
export function spelledInRefusal(action: string, resource: string): string | undefined {
  const service = action.slice(0, action.indexOf(':'))
  if (resource === '*' && saysSo.includes(service)) return '*'
  // A secret that is to be made has no ARN yet: its name is told.
  return action === 'secretsmanager:CreateSecret' ? /:secret:(.+)$/.exec(resource)?.[1] : undefined
}
