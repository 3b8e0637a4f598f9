// Is the policy of a bucket or of an access point public?
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status

/** Keys that, compared with fixed values, tell the callers apart. */
const narrowing = new Set([
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:sourceip',
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:sourceaccount',
  'aws:userid',
  'aws:vpcsourceip',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
])

const answers = new Map<string, boolean>()

/** `vpc`: of an access point that only this VPC reaches, whose policy is never public. */
export function isPublicPolicy(text: string, vpc?: string): boolean {
  if (vpc !== undefined) return false
  let answer = answers.get(text)
  if (answer === undefined) {
    if (answers.size >= 64) answers.clear()
    answers.set(text, (answer = judge(text)))
  }
  return answer
}

function judge(text: string): boolean {
  const { Statement } = JSON.parse(text) as { Statement: object | object[] }
  return [Statement].flat().some((statement) => isPublicStatement(statement as Record<string, any>))
}

function isPublicStatement({ Effect, Principal, NotPrincipal, Condition }: Record<string, any>): boolean {
  if (Effect !== 'Allow') return false
  const anybody = NotPrincipal !== undefined || Principal === '*' || [Principal?.AWS].flat().includes('*')
  return anybody && !narrows(Condition ?? {})
}

function narrows(condition: Record<string, Record<string, string | string[]>>): boolean {
  return Object.entries(condition).some(([operator, keys]) => {
    const positive = /^(?:ForA\w+:)?(String(Equals|Like|EqualsIgnoreCase)|Arn(Equals|Like)|IpAddress)$/.test(operator)
    return positive && Object.entries(keys).some(([key, values]) => tellsApart(key.toLowerCase(), [values].flat()))
  })
}

/** Of an access point's ARN the name may be a pattern, as long as the account is not. */
function tellsApart(key: string, values: readonly string[]): boolean {
  const fixed = key === 's3:dataaccesspointarn' ? values.map((value) => value.replace(/:accesspoint\/.*$/, '')) : values
  return narrowing.has(key) && fixed.every(isFixed)
}

/** Neither a pattern nor a variable, nor the whole of the Internet. */
function isFixed(value: string): boolean {
  return !/[*?]|\$\{/.test(value) && !/\/[0-7]$/.test(value)
}
