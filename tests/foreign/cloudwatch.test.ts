// CloudWatch, Service Quotas and Support of `virga local start`, as boto3 and the official CLI see them.

import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { cases, served } from '../witnesses/foreign-cases.ts'
import { awsSdkForCloudWatch, officialCli } from '../witnesses/witnesses.ts'

const { virga, env, boto3 } = await served('cloudwatch')

const run = (program: string, words: readonly string[]) => {
  const done = Bun.spawnSync([program, ...words], { env, cwd: env.HOME })
  return { code: done.exitCode, out: done.stdout.toString(), err: done.stderr.toString() }
}

// It has as long as all the rest takes to go off.
const alone = ['--alarm-name', 'alone', '--namespace', 'cli', '--metric-name', 'none', '--statistic', 'Sum']
const often = ['--period', '10', '--evaluation-periods', '1', '--treat-missing-data', 'breaching']
const crossed = ['--threshold', '5', '--comparison-operator', 'GreaterThanThreshold']
expect(run(virga, ['cloudwatch', 'put-metric-alarm', ...alone, ...often, ...crossed]).code).toBe(0)

await boto3('boto3', 28, 'cloudwatch_cases.py')

await cases('the AWS SDK for JavaScript', awsSdkForCloudWatch(), 15, env, (folder) => ({
  cmd: ['node', '--no-warnings', join(import.meta.dir, 'cloudwatch_cases.mjs')],
  cwd: folder,
}))

const official = await officialCli()
if ('missing' in official) {
  console.log(`SKIPPED the official CLI: ${official.missing}`)
  test.skip(`the official CLI is missing: ${official.missing}`, () => {})
} else {
  const aws = (...words: string[]) => run(official.found.aws, words)
  const day = new Date().toISOString().slice(0, 10)
  const times = ['--start-time', `${day}T00:00:00Z`, '--end-time', `${day}T23:59:00Z`]

  describe('the official CLI', () => {
    test('publishes and asks; ours prints the same', () => {
      const at = ['--timestamp', `${day}T00:00:30Z`]
      for (const value of ['2', '4'])
        expect(
          aws('cloudwatch', 'put-metric-data', '--namespace', 'cli', '--metric-name', 'm', '--value', value, ...at),
        ).toEqual({ code: 0, out: '', err: '' })
      const asked = ['cloudwatch', 'get-metric-statistics', '--namespace', 'cli', '--metric-name', 'm', ...times]
      const told = aws(...asked, '--period', '86400', '--statistics', 'Sum', 'Average')
      expect(JSON.parse(told.out)).toMatchObject({ Label: 'm', Datapoints: [{ Sum: 6, Average: 3, Unit: 'None' }] })
      expect(told.out).toContain('"Sum": 6.0')
      expect(run(virga, [...asked, '--period', '86400', '--statistics', 'Sum', 'Average'])).toEqual(told)
    }, 60_000)

    test('alarms, in words and in codes', () => {
      const put = [
        'cloudwatch',
        'put-metric-alarm',
        '--alarm-name',
        'by-cli',
        '--namespace',
        'cli',
        '--metric-name',
        'm',
      ]
      const how = ['--statistic', 'Sum', '--period', '60', '--evaluation-periods', '1', '--threshold', '5']
      expect(aws(...put, ...how, '--comparison-operator', 'GreaterThanThreshold').code).toBe(0)
      const list = [
        'cloudwatch',
        'describe-alarms',
        '--alarm-names',
        'by-cli',
        '--query',
        'MetricAlarms[].[AlarmName,StateValue]',
        '--output',
        'text',
      ]
      expect(aws(...list).out).toBe('by-cli\tINSUFFICIENT_DATA\n')
      const refused = aws(...put, ...how.slice(0, -1), '5', '--comparison-operator', 'Like')
      expect(refused.code).toBe(254)
      expect(refused.err).toContain(
        "An error occurred (ValidationError) when calling the PutMetricAlarm operation: 1 validation error detected: Value 'Like' at 'comparisonOperator' failed to satisfy constraint",
      )
      const deleted = aws('cloudwatch', 'delete-alarms', '--alarm-names', 'by-cli')
      expect(deleted).toEqual({ code: 0, out: '', err: '' })
    }, 60_000)

    test('quotas and cases', () => {
      const asked = ['service-quotas', 'get-service-quota', '--service-code', 'iam', '--quota-code', 'L-FE177D64']
      const told = aws(...asked)
      expect(told.out).toContain('"Value": 1000.0')
      expect(run(virga, asked)).toEqual(told)
      const opened = aws('support', 'create-case', '--subject', 'x', '--communication-body', 'y')
      expect(JSON.parse(opened.out).caseId).toStartWith('case-123456789012-muen-')
    }, 60_000)
  })
}

test('an alarm goes off by itself while the server runs, and its time goes on', async () => {
  const state = ['cloudwatch', 'describe-alarms', '--alarm-names', 'alone', '--query', 'MetricAlarms[0].StateValue']
  while (run(virga, state).out !== '"ALARM"\n') await Bun.sleep(500)
}, 60_000)
