// How fast are the parts that everything stands on, each on its own? Rates of this machine: there is no peer to race.

import { checksum } from '../../src/lib/checksum.ts'
import type { ChecksumName } from '../../src/lib/checksum.ts'
import { decide } from '../../src/policy/decide.ts'
import type { AuthorizationRequest, PolicySource } from '../../src/policy/types.ts'

const user = 'arn:aws:iam::123456789012:user/ana'
const request: AuthorizationRequest = {
  principal: { type: 'User', accountId: '123456789012', arn: user, principalArn: user, userId: 'AIDAANA' },
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::bucket/key',
  context: { 'aws:username': 'ana', 'aws:sourceip': '203.0.113.7' },
}

/** Each returns how many targets were missed: none, for none is set. */
export function partRaces(): Record<string, () => Promise<number>> {
  return {
    'parts: IAM decisions': async () => {
      console.log('\nIAM decisions, each over all statements')
      for (const statements of [10, 1000]) {
        const policies = policiesOf(statements)
        const compiling = seconds(() => decide(request, policies), 1)
        const each = secondsEach(() => decide(request, policies))
        const rate = Math.round(1 / each).toLocaleString('en')
        const first = (compiling * 1000).toFixed(1)
        console.log(`  ${String(statements).padStart(5)} statements  ${rate.padStart(9)}/s  (the first: ${first} ms)`)
      }
      return 0
    },
    'parts: checksums': async () => {
      console.log('\nchecksums of 64 MiB, per second of CPU')
      const bytes = new Uint8Array(64 << 20).map((_, index) => index * 31)
      const names: ChecksumName[] = ['crc64nvme', 'crc32', 'crc32c', 'sha1', 'sha256', 'xxhash3']
      for (const name of names) {
        const each = secondsEach(() => checksum(name).update(bytes).digest())
        console.log(`  ${name.padEnd(10)} ${(bytes.length / each / 1e9).toFixed(2).padStart(6)} GB/s`)
      }
      return 0
    },
  }
}

/** As people write them: most speak of something else, some ask for a condition, one lets the request in. */
function policiesOf(statements: number): PolicySource[] {
  const Statement = Array.from({ length: statements - 1 }, (_, i) => ({
    Sid: `s${i}`,
    Effect: i % 5 === 0 ? 'Deny' : 'Allow',
    Action: i % 2 === 0 ? [`ec2:Describe${i}*`, 's3:PutObject'] : 's3:Get*',
    Resource: [`arn:aws:s3:::bucket-${i}/\${aws:username}/*`, `arn:aws:s3:::other-${i}*`],
    ...(i % 3 === 0 && { Condition: { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } } }),
  }))
  const last = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/*' }
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [...Statement, last] })
  return [{ kind: 'identity', attachedTo: user, document }]
}

/** The least of several measurements, of as many repetitions as take a tenth of a second. */
function secondsEach(run: () => unknown): number {
  run()
  const times = Math.max(1, Math.ceil(0.1 / seconds(run, 1)))
  return Math.min(...Array.from({ length: 7 }, () => seconds(run, times) / times))
}

/** Of CPU, the user's and the system's. */
function seconds(run: () => unknown, times: number): number {
  const before = process.cpuUsage()
  for (let i = 0; i < times; i++) run()
  const { user: own, system } = process.cpuUsage(before)
  return Math.max(own + system, 1) / 1e6
}
