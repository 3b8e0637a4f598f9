// GetWebIdentityToken: a token that says to others who the caller is.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html

import { AwsError } from '../../../../lib/errors.ts'
import { Organizations } from '../../../accounts/organizations.ts'
import { signToken, type OwnAlgorithm } from '../../../accounts/web-tokens.ts'
import { validationError } from '../errors.ts'
import { wholeSeconds } from '../moments.ts'
import type { StsContext, StsHandler } from '../state.ts'

export const getWebIdentityToken: StsHandler = (input, context) => {
  const { state, caller, clock, region, account } = context
  const { outbound } = state.identities.settings()
  if (!outbound?.enabled)
    throw new AwsError(
      'OutboundWebIdentityFederationDisabledException',
      'The outbound web identity federation feature is not enabled for this account.',
      { status: 403 },
    )
  const algorithm: string = input.SigningAlgorithm
  if (algorithm !== 'RS256' && algorithm !== 'ES384')
    throw validationError(`Signing algorithm ${algorithm} is not supported; it must be RS256 or ES384.`)
  const issued = wholeSeconds(clock())
  const expires = issued + (input.DurationSeconds ?? 300) * 1000
  if (caller.session && expires > caller.session.expires)
    throw new AwsError(
      'SessionDurationEscalationException',
      'The requested token duration would extend the session beyond its original expiration time.',
      { status: 403 },
    )
  const tags = ((input.Tags ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value] as const)
  const claims = {
    iss: outbound.issuer,
    aud: input.Audience.length === 1 ? input.Audience[0] : input.Audience,
    sub: caller.principal.principalArn,
    iat: issued / 1000,
    exp: expires / 1000,
    jti: crypto.randomUUID(),
    'https://sts.amazonaws.com/': {
      aws_account: account,
      source_region: region,
      ...organizationClaims(context),
      ...some('principal_tags', principalTags(context)),
      ...some('request_tags', tags),
    },
  }
  return { WebIdentityToken: signToken(state.rows, algorithm as OwnAlgorithm, claims), Expiration: new Date(expires) }
}

function organizationClaims({ state, account }: StsContext): object {
  const organizations = new Organizations(state.rows)
  const organization = organizations.of(account)
  if (!organization) return {}
  const { parent } = organizations.members.get(account)!
  return { org_id: organization.id, ou_path: organizations.pathOf(organization, parent) }
}

function principalTags({ caller }: StsContext): [string, unknown][] {
  const prefix = 'aws:principaltag/'
  return Object.entries(caller.context).flatMap(([key, value]) =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), value] as [string, unknown]] : [],
  )
}

function some(name: string, entries: readonly (readonly [string, unknown])[]): object {
  return entries.length > 0 ? { [name]: Object.fromEntries(entries) } : {}
}
