// A home folder with files in it, and an AWS that answers what tests of the identity commands ask.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Answer, Sent } from '../outside.fixture.ts'

export const noEnvironment = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_REGION: 'eu-west-1',
  AWS_EC2_METADATA_DISABLED: 'true',
}

/** Files by path below the home, mode 600 but for those in `modes`. */
export function homeWith(
  files: Readonly<Record<string, string>>,
  modes: Readonly<Record<string, number>> = {},
): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'virga-home-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text, { mode: 0o600 })
    chmodSync(join(path, name), modes[name] ?? 0o600)
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export const keysOf = (id: string): string => `aws_access_key_id = ${id}\naws_secret_access_key = SECRET${id}\n`

/** An answer of a service that speaks the query protocol. */
export function xml(action: string, result: string): Answer {
  return { body: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>` }
}

/** What was asked: `GetCallerIdentity` by whom. */
export function asked({ body, headers }: Sent): {
  action: string | null
  form: URLSearchParams
  key: string | undefined
} {
  const form = new URLSearchParams(body)
  return { action: form.get('Action'), form, key: /Credential=([^/]+)/.exec(headers['authorization'] ?? '')?.[1] }
}

/** Every caller is the user `key`; the key was made at `created`; sessions last until 12:00. */
export function aws(created = '2026-01-01T00:00:00Z', more: (sent: Sent) => Answer | undefined = () => undefined) {
  return (sent: Sent): Answer => {
    const special = more(sent)
    if (special) return special
    const { action, form, key } = asked(sent)
    switch (action) {
      case 'GetCallerIdentity':
        return xml(
          action,
          `<Arn>arn:aws:iam::123456789012:user/${key}</Arn><Account>123456789012</Account><UserId>AIDA</UserId>`,
        )
      case 'ListAccessKeys':
        return xml(
          action,
          `<AccessKeyMetadata><member><AccessKeyId>${key}</AccessKeyId><CreateDate>${created}</CreateDate></member></AccessKeyMetadata>`,
        )
      case 'GetSessionToken':
        if (form.get('TokenCode') === '000000') {
          const message = 'MultiFactorAuthentication failed with invalid MFA one time pass code. '
          return {
            status: 403,
            body: `<ErrorResponse><Error><Code>AccessDenied</Code><Message>${message}</Message></Error></ErrorResponse>`,
          }
        }
        return xml(
          action,
          `<Credentials><AccessKeyId>ASIASESSION${form.get('TokenCode')}</AccessKeyId><SecretAccessKey>SESSIONSECRET</SecretAccessKey>` +
            '<SessionToken>SESSIONTOKEN</SessionToken><Expiration>2026-01-02T12:00:00Z</Expiration></Credentials>',
        )
      default:
        return { status: 404, body: 'nothing here' }
    }
  }
}
