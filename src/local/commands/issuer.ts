// Who issues web identity tokens here? This world itself, in any issuer's name: `issuer token` makes one to try
// AssumeRoleWithWebIdentity on, `issuer jwks` prints the keys that prove them.
//
//   aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com --client-id-list sts.amazonaws.com
//   aws sts assume-role-with-web-identity --role-arn … --role-session-name ci \
//     --web-identity-token "$(virga local issuer token --issuer https://token.actions.githubusercontent.com --subject repo:me/it:ref:refs/heads/main)"

import { Failure } from '../../lib/errors.ts'
import { ownKeys, signToken } from '../accounts/web-tokens.ts'
import type { Command } from './command.ts'
import { inServedWorld } from './served.ts'

export const issuer: Command = async ({ given, words: [verb, ...rest] }, place, outside) => {
  if (rest.length > 0) throw bad(`issuer ${verb} takes no more words, not ${rest.join(' ')}`)
  if (verb === 'jwks') {
    const [option] = Object.keys(given)
    if (option !== undefined) throw bad(`--${option} goes with issuer token, not with issuer jwks`)
    return inServedWorld(place, outside, async (world) => {
      const keys = await world.identities.transaction(ownKeys)
      outside.stdout.write(`${JSON.stringify({ keys }, null, 2)}\n`)
      return 0
    })
  }
  if (verb !== 'token') throw bad('issuer takes one of: token, jwks')
  const subject = given['subject']
  if (subject === undefined) throw bad('issuer token needs --subject')
  const { issuer: iss = 'https://issuer.virga.example', audience = 'sts.amazonaws.com', lifetime = '3600' } = given
  if (!/^https:\/\/[^\s/]/.test(iss)) throw bad(`--issuer must be an https:// URL, not ${iss}`)
  if (!/^[1-9]\d{0,8}$/.test(lifetime)) throw bad(`--lifetime must be a number of seconds, not ${lifetime}`)
  const algorithm = given['algorithm'] ?? 'RS256'
  if (algorithm !== 'RS256' && algorithm !== 'ES384') throw bad(`--algorithm must be RS256 or ES384, not ${algorithm}`)
  const more = claimsIn(given['claims'] ?? '{}')
  return inServedWorld(place, outside, async (world) => {
    const iat = Math.floor(world.clock().getTime() / 1000)
    const claims = {
      iss,
      sub: subject,
      aud: audience,
      iat,
      exp: iat + Number(lifetime),
      jti: crypto.randomUUID(),
      ...more,
    }
    const token = await world.identities.transaction((rows) => signToken(rows, algorithm, claims))
    outside.stdout.write(`${token}\n`)
    return 0
  })
}

function claimsIn(text: string): object {
  try {
    const claims: unknown = JSON.parse(text)
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return claims
  } catch {
    // Told below.
  }
  throw bad(`--claims must be a JSON object, not ${text}`)
}

function bad(message: string): Failure {
  return new Failure('ParamValidation', message)
}
