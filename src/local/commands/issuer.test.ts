// Tokens from `virga local issuer`, taken for a role by the program itself.

import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readToken } from '../accounts/web-tokens.ts'

const main = join(import.meta.dirname, '..', '..', 'main.ts')
const home = mkdtempSync(join(tmpdir(), 'virga-issuer-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

function virga(...typed: string[]): { code: number; out: string; err: string } {
  const env = { PATH: process.env.PATH!, HOME: home, AWS_EC2_METADATA_DISABLED: 'true' }
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, main, ...typed], { env, cwd: home })
  return { code: exitCode, out: stdout.toString(), err: stderr.toString() }
}

test('a token is taken for a role', () => {
  const aws = (...typed: string[]) => {
    const { code, out, err } = virga(...typed, '--profile', 'local')
    if (code !== 0) throw new Error(err)
    return out === '' ? undefined : JSON.parse(out)
  }
  const issuer = 'https://token.actions.githubusercontent.com'
  const made = aws('iam', 'create-open-id-connect-provider', '--url', issuer, '--client-id-list', 'sts.amazonaws.com')
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: made.OpenIDConnectProviderArn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { 'token.actions.githubusercontent.com:ref': 'refs/heads/main' } },
      },
    ],
  })
  const { Role } = aws('iam', 'create-role', '--role-name', 'ci', '--assume-role-policy-document', trust)
  const claims = JSON.stringify({ ref: 'refs/heads/main' })
  const token = virga(
    'local',
    'issuer',
    'token',
    '--issuer',
    issuer,
    '--subject',
    'repo:me/it',
    '--claims',
    claims,
  ).out.trim()
  expect(readToken(token)!.claims).toMatchObject({ iss: issuer, sub: 'repo:me/it', aud: 'sts.amazonaws.com' })
  const { Arn } = Role
  const typed = `sts assume-role-with-web-identity --role-arn ${Arn} --role-session-name run --web-identity-token ${token}`
  const given = aws(...typed.split(' '))
  expect(given.SubjectFromWebIdentityToken).toBe('repo:me/it')
  const { keys } = JSON.parse(virga('local', 'issuer', 'jwks').out)
  expect(keys).toEqual([expect.objectContaining({ kty: 'RSA', alg: 'RS256', kid: readToken(token)!.kid })])
  expect(keys[0].d).toBeUndefined()
}, 60_000)

test.each([
  [[], 'issuer takes one of: token, jwks'],
  [['token'], 'issuer token needs --subject'],
  [['token', '--subject', 's', '--issuer', 'http://a'], '--issuer must be an https:// URL, not http://a'],
  [['token', '--subject', 's', '--lifetime', '0'], '--lifetime must be a number of seconds, not 0'],
  [['token', '--subject', 's', '--claims', '[]'], '--claims must be a JSON object, not []'],
  [['token', '--subject', 's', '--algorithm', 'none'], '--algorithm must be RS256 or ES384, not none'],
  [['jwks', 'x'], 'issuer jwks takes no more words, not x'],
])('%j is told in one line', (args, line) => {
  const { code, err } = virga('local', 'issuer', ...args)
  expect([code, err]).toEqual([252, expect.stringContaining(line)])
})
