// `sso login`: a token of IAM Identity Center for the profile's sso-session, or for the profile's own start URL.

import { Failure } from '../../../lib/errors.ts'
import type { IniSection } from '../../../lib/ini.ts'
import { profileHeader, sectionHeader, writeSection } from '../../../client/config/write.ts'
import { textOf } from '../../../client/credentials/rung.ts'
import { ssoLogin as signIn } from '../../../client/credentials/sso-login.ts'
import { resolvedStartUrl } from '../../../client/credentials/start-url.ts'
import { showPage } from '../../browser.ts'
import { chainOf } from '../../chain.ts'
import type { Chain } from '../../chain.ts'
import { requiredSsoKeys, scopesIn } from '../../sso.ts'
import { command } from '../command.ts'

export const ssoLogin = command({
  name: 'sso login',
  help: 'Retrieves and caches an AWS IAM Identity Center access token to exchange for AWS credentials.',
  arguments: {
    'no-browser': { flag: true, help: 'Disables automatically opening the verification URL in the default browser.' },
    'use-device-code': {
      flag: true,
      help: 'Uses the Device Code authorization grant and login flow instead of the Authorization Code flow.',
    },
    'sso-session': { help: 'An explicit SSO session to use to login.' },
  },
  run: async (given, context) => {
    const chain = await chainOf(context)
    const session = (given['sso-session'] as string | undefined) ?? textOf(chain.context.section, 'sso_session')
    const configured = configuredFor(chain, session)
    const { url, region } = await resolvedStartUrl(configured.startUrl, configured.region, chain.settings)
    await signIn(chain.context, {
      startUrl: configured.startUrl,
      resolvedUrl: url,
      region,
      session,
      scopes: configured.scopes,
      deviceCode: given['use-device-code'] === true,
      reuse: false,
      show: showPage({ outside: context.outside, open: given['no-browser'] !== true }),
    })
    if (region !== configured.region) {
      const { configuration, profile } = chain.context
      const header = session !== undefined ? sectionHeader('sso-session', session) : profileHeader(profile)
      await writeSection(configuration.files.configPath, header, { sso_region: region })
      context.write(`SSO region updated to ${region}\n`)
    }
    context.write(`Successfully logged into Start URL: ${configured.startUrl}\n`)
    return 0
  },
})

interface Configured {
  readonly startUrl: string
  readonly region: string
  readonly scopes?: readonly string[]
}

/** Throws Failure('Configuration'). */
function configuredFor({ context: { configuration, section } }: Chain, session: string | undefined): Configured {
  if (session === undefined) {
    const advice = 'To make sure this profile is properly configured to use SSO, please run: aws configure sso'
    return requiredSsoKeys(section, advice)
  }
  const keys: IniSection | undefined = configuration.files.ssoSessions.get(session)
  if (!keys) throw new Failure('Configuration', `The specified sso-session does not exist: "${session}"`)
  const scopes = textOf(keys, 'sso_registration_scopes')
  return { ...requiredSsoKeys(keys), ...(scopes === undefined ? {} : { scopes: scopesIn(scopes) }) }
}
