// What the command line changes: words in, the operation's input out.

import { existsSync } from 'node:fs'
import { describe, expect, test } from 'bun:test'
import { openModels } from '../../model/load.ts'
import { fileSource } from '../../model/source.ts'
import { understand } from '../input/build.ts'
import { commandArguments, operationCommands, serviceOfCommand } from '../services.ts'

const models = existsSync('build/models.bin') ? await openModels({ source: fileSource('build/models.bin') }) : undefined
if (models === undefined) console.log('skipped: there is no build/models.bin')

async function inputOf(words: readonly string[]) {
  const [name = '', command = '', ...rest] = words
  const service = await models!.service(serviceOfCommand(name)!)
  const found = operationCommands(service).get(command)!
  const operation = service.operation(found.operation)
  const clock = () => new Date('2026-01-02T03:04:05Z')
  const around = { operation, env: { HOME: '/home/me' }, home: '/home/me', clock }
  return understand(rest, {
    operation,
    ...(await commandArguments(service, found)),
    around,
    paginate: true,
    warn: () => {},
  })
}

describe.skipIf(models === undefined)('the input of', () => {
  const cases: [words: string, input: object][] = [
    ['ec2 run-instances --image-id ami-1', { ImageId: 'ami-1', MinCount: 1, MaxCount: 1 }],
    ['ec2 run-instances --image-id ami-1 --count 2:5', { ImageId: 'ami-1', MinCount: 2, MaxCount: 5 }],
    [
      'ec2 run-instances --subnet-id s --security-group-ids sg --associate-public-ip-address',
      {
        MinCount: 1,
        MaxCount: 1,
        NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true, SubnetId: 's', Groups: ['sg'] }],
      },
    ],
    [
      'ec2 authorize-security-group-ingress --group-id sg-1 --protocol tcp --port 22-25 --cidr 10.0.0.0/8',
      {
        GroupId: 'sg-1',
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 25, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
      },
    ],
    [
      'ec2 modify-instance-attribute --instance-id i --no-ebs-optimized',
      { InstanceId: 'i', EbsOptimized: { Value: false } },
    ],
    [
      'ec2 modify-instance-attribute --instance-id i --ebs-optimized',
      { InstanceId: 'i', EbsOptimized: { Value: true } },
    ],
    [
      'ec2 modify-instance-attribute --instance-id i --instance-initiated-shutdown-behavior stop',
      { InstanceId: 'i', InstanceInitiatedShutdownBehavior: { Value: 'stop' } },
    ],
    ['ec2 create-image --instance-id i --name n --reboot', { InstanceId: 'i', Name: 'n', NoReboot: false }],
    [
      'elb register-instances-with-load-balancer --load-balancer-name l --instances i-1 i-2',
      { LoadBalancerName: 'l', Instances: [{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }] },
    ],
    [
      'ses send-email --from a@b --to c@d --subject s --text t',
      {
        Source: 'a@b',
        Destination: { ToAddresses: ['c@d'] },
        Message: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } },
      },
    ],
    [
      'deploy create-deployment --application-name a --s3-location bucket=b,key=k,bundleType=zip',
      {
        applicationName: 'a',
        revision: { revisionType: 'S3', s3Location: { bucket: 'b', key: 'k', bundleType: 'zip' } },
      },
    ],
    [
      'emr list-clusters --active',
      { ClusterStates: ['STARTING', 'BOOTSTRAPPING', 'RUNNING', 'WAITING', 'TERMINATING'] },
    ],
    [
      'emr add-tags --resource-id j --tags a=b c',
      {
        ResourceId: 'j',
        Tags: [
          { Key: 'a', Value: 'b' },
          { Key: 'c', Value: '' },
        ],
      },
    ],
    [
      'rds add-option-to-option-group --option-group-name g --options OptionName=o',
      { OptionGroupName: 'g', OptionsToInclude: [{ OptionName: 'o' }] },
    ],
    [
      's3api put-object-tagging --bucket b --key k --tagging TagSet=[{Key=a,Value=b}]',
      { Bucket: 'b', Key: 'k', Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } },
    ],
  ]
  test.each(cases)('%s', async (words, input) => {
    expect((await inputOf(words.split(' '))).input).toEqual(input as never)
  })
})

describe.skipIf(models === undefined)('paging', () => {
  test('a page size is chosen where accounts have much', async () => {
    expect((await inputOf(['ec2', 'describe-volumes'])).paging).toEqual({ PageSize: 1000 })
    expect((await inputOf(['ec2', 'describe-volumes', '--volume-ids', 'v'])).paging.PageSize).toBeUndefined()
  })

  test('a native token turns it off', async () => {
    expect((await inputOf(['iam', 'list-users', '--max-items', '1'])).paginate).toBe(true)
    expect((await inputOf(['iam', 'list-users', '--marker', 'm'])).paginate).toBe(false)
    expect((await inputOf(['kinesis', 'list-streams', '--exclusive-start-stream-name', 's'])).paginate).toBe(false)
  })
})
