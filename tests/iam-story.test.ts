// A story of IAM from a clean account, with every text as AWS writes it: told once by this program and once by the official
// CLI, each to an account of its own.
//
// Ana may do nothing; an encoded denial that she may not decode; leave to decode; a dry run; MFA with a wrong, a right and a
// used code; a session that ends; and a role that comes by instance metadata.

import { afterAll, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { account, type Account, type Done, type Keys } from './witnesses/account.ts'
import { officialCli } from './witnesses/witnesses.ts'

const virga = join(import.meta.dir, '..', 'dist', 'virga')
const official = await officialCli()
if ('missing' in official) console.log(`SKIPPED the story by the official CLI: ${official.missing}`)

const ana = 'arn:aws:iam::123456789012:user/ana'

/** RFC 6238 with AWS's choices, written again: the program's own is not its witness. */
function totp(base32: string, milliseconds: number): string {
  const bits = [...base32]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(milliseconds / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const at = digest[19]! & 15
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function denial(operation: string, action: string, on = ''): string {
  return `\naws: [ERROR]: An error occurred (AccessDenied) when calling the ${operation} operation: User: ${ana} is not authorized to perform: ${action}${on} because no identity-based policy allows the ${action} action`
}

function story(name: string, program: readonly string[], local: Account): void {
  describe(name, () => {
    const by = (keys: Keys, ...words: string[]): Done => local.run([...program, ...words], keys)
    const json = (keys: Keys, ...words: string[]): any => {
      const done = by(keys, ...words)
      if (done.code !== 0) throw new Error(`${words.join(' ')}: ${done.err}`)
      return done.out.trim() === '' ? undefined : JSON.parse(done.out)
    }
    const allow = (policy: string, ...Statement: object[]): void =>
      json(
        local.admin,
        'iam',
        'put-user-policy',
        '--user-name',
        'ana',
        '--policy-name',
        policy,
        '--policy-document',
        JSON.stringify({ Version: '2012-10-17', Statement }),
      )
    const now = (): number => Date.parse(local.local('clock').out.trim())
    const launch = [
      'ec2',
      'run-instances',
      '--image-id',
      'ami-0abcdef1234567890',
      '--instance-type',
      't3.micro',
      '--dry-run',
    ]
    let keys: Keys
    let encoded = ''
    let serial = ''
    let seed = ''
    let session: Keys

    test('ana is made, and gets a key', () => {
      expect(json(local.admin, 'iam', 'create-user', '--user-name', 'ana').User.Arn).toBe(ana)
      const { AccessKey } = json(local.admin, 'iam', 'create-access-key', '--user-name', 'ana')
      keys = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
      expect(json(keys, 'sts', 'get-caller-identity').Arn).toBe(ana)
    }, 30_000)

    test('a dry run that is not allowed: an encoded message, another one each time', () => {
      const [first, second] = [by(keys, ...launch), by(keys, ...launch)]
      const sentence =
        '\naws: [ERROR]: An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are not authorized to perform this operation. ' +
        `User: ${ana} is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/* ` +
        'because no identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: '
      expect(first).toMatchObject({ code: 254, out: '' })
      expect(first.err).toStartWith(sentence)
      expect(first.err.slice(sentence.length)).toMatch(/^[\w-]{300,10240}\n$/)
      expect(second.err).not.toBe(first.err)
      encoded = first.err.slice(sentence.length).trim()
    }, 30_000)

    test('to decode it is not allowed either', () => {
      const done = by(keys, 'sts', 'decode-authorization-message', '--encoded-message', encoded)
      expect(done).toEqual({
        code: 254,
        out: '',
        err: `${denial('DecodeAuthorizationMessage', 'sts:DecodeAuthorizationMessage')}\n`,
      })
    }, 30_000)

    test('with leave it is decoded', () => {
      allow('decode', { Effect: 'Allow', Action: 'sts:DecodeAuthorizationMessage', Resource: '*' })
      const decoded = JSON.parse(
        json(keys, 'sts', 'decode-authorization-message', '--encoded-message', encoded).DecodedMessage,
      )
      expect(decoded).toMatchObject({
        allowed: false,
        explicitDeny: false,
        matchedStatements: { items: [] },
        failures: { items: [] },
        context: {
          principal: { id: expect.stringMatching(/^AIDA/), arn: ana },
          action: 'RunInstances',
          resource: 'arn:aws:ec2:us-east-1:123456789012:instance/*',
        },
      })
      expect(decoded.context.conditions.items).toContainEqual({
        key: 'ec2:InstanceType',
        values: { items: [{ value: 't3.micro' }] },
      })
      const broken = by(keys, 'sts', 'decode-authorization-message', '--encoded-message', `A${encoded.slice(1)}`)
      expect(broken.err).toContain(
        'An error occurred (InvalidAuthorizationMessageException) when calling the DecodeAuthorizationMessage operation',
      )
    }, 30_000)

    test('a dry run that is allowed', () => {
      allow('launch', { Effect: 'Allow', Action: 'ec2:RunInstances', Resource: '*' })
      expect(by(keys, ...launch)).toEqual({
        code: 254,
        out: '',
        err: '\naws: [ERROR]: An error occurred (DryRunOperation) when calling the RunInstances operation: Request would have succeeded, but DryRun flag is set.\n',
      })
    }, 30_000)

    test('a virtual MFA device takes two codes in a row', () => {
      const file = join(local.home, `seed-${name}`.replaceAll(' ', '-'))
      serial = json(
        local.admin,
        'iam',
        'create-virtual-mfa-device',
        '--virtual-mfa-device-name',
        'ana',
        '--outfile',
        file,
        '--bootstrap-method',
        'Base32StringSeed',
      ).VirtualMFADevice.SerialNumber
      expect(serial).toBe('arn:aws:iam::123456789012:mfa/ana')
      seed = readFileSync(file, 'utf8').trim()
      const enable = (one: string, two: string): Done =>
        by(
          local.admin,
          'iam',
          'enable-mfa-device',
          '--user-name',
          'ana',
          '--serial-number',
          serial,
          '--authentication-code1',
          one,
          '--authentication-code2',
          two,
        )
      expect(enable('000000', '000001').err).toContain(
        'An error occurred (InvalidAuthenticationCode) when calling the EnableMFADevice operation: Authentication code for device is not valid.',
      )
      const at = now()
      expect(enable(totp(seed, at), totp(seed, at + 30_000))).toEqual({ code: 0, out: '', err: '' })
    }, 30_000)

    test('listing users needs MFA', () => {
      allow('list', {
        Effect: 'Allow',
        Action: 'iam:ListUsers',
        Resource: '*',
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      })
      const { code, err } = by(keys, 'iam', 'list-users')
      expect(code).toBe(254)
      expect(err).toStartWith(denial('ListUsers', 'iam:ListUsers', ' on resource: arn:aws:iam::123456789012:user/'))
      expect(err).toMatch(
        /\. Go to https:\/\/us-east-1\.console\.aws\.amazon\.com\/iam\/home\?region=us-east-1#\/authorization-details\/([a-z0-9]{25}) for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: \1\n$/,
      )
    }, 30_000)

    test('a wrong code, the right one, and the same again', () => {
      local.local('clock', 'advance', '2m')
      const code = totp(seed, now())
      const ask = (token: string): Done =>
        by(
          keys,
          'sts',
          'get-session-token',
          '--serial-number',
          serial,
          '--token-code',
          token,
          '--duration-seconds',
          '900',
        )
      const refusal =
        '\naws: [ERROR]: An error occurred (AccessDenied) when calling the GetSessionToken operation: MultiFactorAuthentication failed with invalid MFA one time pass code.'
      expect(ask(String((Number(code) + 1) % 1_000_000).padStart(6, '0')).err.trimEnd()).toBe(refusal)
      const { Credentials } = JSON.parse(ask(code).out)
      session = {
        accessKeyId: Credentials.AccessKeyId,
        secretAccessKey: Credentials.SecretAccessKey,
        sessionToken: Credentials.SessionToken,
      }
      expect(ask(code).err.trimEnd()).toBe(refusal)
      const other = by(keys, 'sts', 'get-session-token', '--serial-number', `${serial}x`, '--token-code', code)
      expect(other.err).toContain(
        'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
      )
    }, 30_000)

    test('with the session users are listed, until it ends', () => {
      expect(json(session, 'iam', 'list-users').Users.map((user: { UserName: string }) => user.UserName)).toEqual([
        'admin',
        'ana',
      ])
      local.local('clock', 'advance', '16m')
      expect(by(session, 'iam', 'list-users')).toEqual({
        code: 254,
        out: '',
        err: '\naws: [ERROR]: An error occurred (ExpiredToken) when calling the ListUsers operation: The security token included in the request is expired\n',
      })
    }, 30_000)

    test('an instance gets its role by its profile', async () => {
      const trust = {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
      }
      json(
        local.admin,
        'iam',
        'create-role',
        '--role-name',
        'web',
        '--assume-role-policy-document',
        JSON.stringify(trust),
      )
      json(local.admin, 'iam', 'create-instance-profile', '--instance-profile-name', 'web')
      json(local.admin, 'iam', 'add-role-to-instance-profile', '--instance-profile-name', 'web', '--role-name', 'web')
      const [metadata] = await local.serve('metadata', 'start', '--role', 'web')
      const done = local.run([...program, 'sts', 'get-caller-identity'], undefined, {
        AWS_EC2_METADATA_DISABLED: 'false',
        AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata!,
      })
      expect(done.err).toBe('')
      expect(JSON.parse(done.out).Arn).toMatch(/^arn:aws:sts::123456789012:assumed-role\/web\/i-[0-9a-f]{17}$/)
    }, 60_000)

    test('what happened is in the trail, and why', () => {
      const lines = local.local('trail', '--denied').out.trim().split('\n')
      expect(
        lines.map((line) =>
          line
            .trim()
            .split(/\s{2,}/)
            .slice(2)
            .join(' '),
        ),
      ).toEqual([
        'user/ana ec2 RunInstances 403 UnauthorizedOperation',
        'user/ana ec2 RunInstances 403 UnauthorizedOperation',
        'user/ana sts DecodeAuthorizationMessage 403 AccessDenied',
        'user/ana iam ListUsers 403 AccessDenied',
      ])
      expect(local.local('why').out).toContain(
        'condition Bool aws:MultiFactorAuthPresent: the request has no such key (it wants true)',
      )
    })
  })
}

const own = await account(virga)
afterAll(() => own.stop())
story('by Virga', [virga], own)

if ('missing' in official) test.skip(`the official CLI is missing: ${official.missing}`, () => {})
else {
  const theirs = await account(virga)
  afterAll(() => theirs.stop())
  story('by the official CLI', [official.found.aws], theirs)
}
