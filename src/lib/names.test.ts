import { describe, expect, test } from 'bun:test'
import { kebabCase, snakeCase } from './names.ts'

describe('names on the command line', () => {
  const cases: [string, string][] = [
    ['GetCallerIdentity', 'get-caller-identity'],
    ['DescribeDBInstances', 'describe-db-instances'],
    ['ListWebACLs', 'list-web-acls'],
    ['GatewayARNs', 'gateway-arns'],
    ['ARNs', '-arns'],
    ['S3Location', 's3-location'],
    ['s3Location', 's3-location'],
    ['LoRaWAN', 'lo-ra-wan'],
    ['sourceServerIDs', 'source-server-ids'],
    ['sourceServerIDsList', 'source-server-i-ds-list'],
    ['EC2InstanceId', 'ec2-instance-id'],
    ['IPv6CidrBlock', 'i-pv6-cidr-block'],
    ['CreateCachediSCSIVolume', 'create-cached-iscsi-volume'],
    ['ListHITsForQualificationType', 'list-hits-for-qualification-type'],
    ['ListHITs', 'list-hits'],
    ['ExecutePartiQLBatch', 'execute-partiql-batch'],
    ['UpdateOTelEnrichment', 'update-otel-enrichment'],
    ['SendWhatsAppMessage', 'send-whatsapp-message'],
    ['SendWhatsAppSticker', 'send-whats-app-sticker'],
    ['already-there', 'already-there'],
    ['Has-Hyphen', 'Has-Hyphen'],
    ['', ''],
  ]
  test.each(cases)('%s → %s', (name, kebab) => expect(kebabCase(name)).toBe(kebab))

  test('underscores follow the same rule', () => {
    expect(snakeCase('GetCallerIdentity')).toBe('get_caller_identity')
    expect(snakeCase('VpcEndpointIDs')).toBe('vpc_endpoint_ids')
    expect(snakeCase('Serial_Number')).toBe('Serial_Number')
  })
})
