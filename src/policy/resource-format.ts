// Is a Resource well written, and if not, what does IAM say about it?

const PARTITIONS: readonly string[] = [
  '*',
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
]

const IAM_PATHS: readonly string[] = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
]

/** IAM's text about one resource, or undefined when it is well written. */
export function resourceProblem(text: string): string | undefined {
  if (text === '*') return undefined
  const parts = text.split(':')
  if (parts.length === 1) return `Resource ${text} must be in ARN format or "*".`
  const [, partition, service, region, , ...rest] = parts as [string, string, ...string[]]
  if (!PARTITIONS.includes(partition)) {
    return `Partition "${partition}" is not valid for resource "${filledUp(parts.slice(1))}".`
  }
  if (service === undefined || /[*?]/.test(service)) {
    return 'Resource vendor must be fully qualified and cannot contain regexes.'
  }
  const resource = rest.join(':')
  if (service === 'iam') return iamProblem(text, region, resource)
  if (service === 's3' && hasRegion(region) && parts.length > 4 && !resource.startsWith('accesspoint/')) {
    return `Resource ${text} can not contain region information.`
  }
  return undefined
}

function hasRegion(region: string | undefined): boolean {
  return region !== undefined && region !== ''
}

function iamProblem(text: string, region: string | undefined, resource: string): string | undefined {
  if (hasRegion(region)) return `IAM resource ${text} cannot contain region information.`
  // Root came with AssumeRoot; the text still does not tell of it.
  if (resource === '*' || resource === 'root' || IAM_PATHS.some((path) => resource.startsWith(path))) return undefined
  return `IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`
}

/** The ARN as IAM prints it: parts that were left out are stars. */
function filledUp(parts: readonly string[]): string {
  const [partition, service, region, account] = parts
  const resource = parts.slice(4).join(':')
  const stars = (part: string | undefined): string => part ?? '*'
  const tail = parts.length > 4 ? resource : '*'
  const first = service === '' && parts.length === 2 ? '*' : stars(service)
  return `arn:${partition}:${first}:${stars(region)}:${stars(account)}:${tail}`
}
