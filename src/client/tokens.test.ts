// Tokens that AWS CLI 2.36.12 and botocore made with the same keys at the same moment.

import { existsSync } from 'node:fs'
import { expect, test } from 'bun:test'
import { openModels } from '../model/load.ts'
import { fileSource } from '../model/source.ts'
import { clusterToken, databaseToken, gitLogin, tunnelLink } from './tokens.ts'
import { client } from './test-client.ts'

const skip = !existsSync('build/models.bin')
if (skip) console.log('SKIPPED tokens: no models are built: npm run models')

async function settings(keys: { sessionToken?: string } = {}) {
  const models = await openModels({ source: fileSource('build/models.bin') })
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', ...keys }
  return client([], { models, region: 'us-east-1', endpointUrl: () => undefined, credentials: async () => credentials })
    .settings
}

const link = (rest: string) =>
  `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260102%2Fus-east-1%2F${rest}`
const session = '&X-Amz-Security-Token=tok%2F%2B%3D'

test.skipIf(skip).each([
  [
    {},
    'H.ex.com',
    443,
    'a@b/c',
    `H.ex.com:443/?Action=connect&DBUser=a%40b%2Fc&${link('rds-db')}%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=24a27fb6813c344c83af94ffb64ac433efaa0f8f11f226a991d561de5296cf57`,
  ],
  [
    {},
    'h',
    5432,
    'u',
    `h:5432/?Action=connect&DBUser=u&${link('rds-db')}%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=4bc57204f8a5d02e13e4e5f00ec0c4814d68c2afbab9dd4fca529af0e426cabd`,
  ],
  [
    { sessionToken: 'tok/+=' },
    'h',
    5432,
    'u',
    `h:5432/?Action=connect&DBUser=u&${link('rds-db')}%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host${session}&X-Amz-Signature=c4d74ec9a21fbced010c112a7487540c609a3d58ec882dd924d3de9e37f6c373`,
  ],
] as const)('a token for RDS %#', async (keys, host, port, user, token) => {
  const login = { service: 'rds-db', host, port, query: { Action: 'connect', DBUser: user }, expires: 900 } as const
  expect(await databaseToken(await settings(keys), login)).toBe(token)
})

test.skipIf(skip)('a token for DSQL', async () => {
  const login = { service: 'dsql', host: 'h.x', query: { Action: 'DbConnectAdmin' }, expires: 60 } as const
  expect(await databaseToken(await settings(), login)).toBe(
    `h.x/?Action=DbConnectAdmin&${link('dsql')}%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=7cfcd4839f78de25d531956ab3440096595cc86bff70f28f940df1d60c0ea96e`,
  )
})

test.skipIf(skip)('a token for a cluster is a link in base64', async () => {
  const [prefix, link64] = (await clusterToken(await settings(), 'my-c')).split('.')
  expect(prefix).toBe('k8s-aws-v1')
  expect(Buffer.from(link64!, 'base64url').toString()).toBe(
    `https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&${link('sts')}%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Signature=1aa699ef7f3575b2da9a1175f05389f38bcadd8330d516ecff1a79006ad4b9ca`,
  )
})

test.skipIf(skip)('a password for git', async () => {
  const place = { host: 'git-codecommit.us-east-1.amazonaws.com', path: '/v1/repos/x' }
  const password = '20260102T030405Z1f5cdba6ab46dd2635835d7f8e8b2e1a3c0e30ab2728adb7642d15f2d1098669'
  expect(await gitLogin(await settings(), 'us-east-1', place)).toEqual({ username: 'AKIDEXAMPLE', password })
  expect((await gitLogin(await settings({ sessionToken: 'T' }), 'us-east-1', place)).username).toBe('AKIDEXAMPLE%T')
})

test.skipIf(skip).each([
  [{}, '', '64c5ff332c06de1b8611e624d57024857292f454567f84c22a162cd06b30f8ce'],
  [{ sessionToken: 'tok/+=' }, session, 'bad5f7496d9ac50f3b676ecfe729df517567ed4420559107ee39b28638333958'],
] as const)('the address of a tunnel %#', async (keys, token, signature) => {
  const host = 'e.ec2-instance-connect-endpoint.us-east-1.amazonaws.com'
  const query = {
    instanceConnectEndpointId: 'eice-1',
    remotePort: '22',
    privateIpAddress: 'fd00::1',
    maxTunnelDuration: '60',
  }
  expect(await tunnelLink(await settings(keys), { host, query })).toBe(
    `wss://${host}/openTunnel?instanceConnectEndpointId=eice-1&remotePort=22&privateIpAddress=fd00%3A%3A1&maxTunnelDuration=60&${link('ec2-instance-connect')}%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host${token}&X-Amz-Signature=${signature}`,
  )
})
