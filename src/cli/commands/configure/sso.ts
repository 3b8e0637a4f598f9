// `configure sso`: a profile for a role in an account of IAM Identity Center. Asks, signs in, lets one choose, writes.

import { AwsError } from '../../../lib/errors.ts'
import type { IniSection } from '../../../lib/ini.ts'
import type { Structure } from '../../../lib/value.ts'
import { profileHeader, sectionHeader, writeSection } from '../../../client/config/write.ts'
import { textOf } from '../../../client/credentials/rung.ts'
import { ssoLogin } from '../../../client/credentials/sso-login.ts'
import { paginate } from '../../../client/paginate.ts'
import type { Settings } from '../../../client/settings.ts'
import { showPage } from '../../browser.ts'
import { chainOf } from '../../chain.ts'
import type { Chain } from '../../chain.ts'
import { settingsFor } from '../../clients.ts'
import { choose } from '../../menu.ts'
import { prompter } from '../../prompt.ts'
import type { Prompter } from '../../prompt.ts'
import { requiredSsoKeys, scopesIn } from '../../sso.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { configurationOf } from './files.ts'
import { SsoQuestions } from './sso-questions.ts'
import type { Answers } from './sso-questions.ts'

export const configureSso = command({
  name: 'configure sso',
  help: 'Asks for the configuration values required to create a profile that signs in to AWS IAM Identity Center.',
  arguments: {
    'no-browser': { flag: true, help: 'Disables automatically opening the verification URL in the default browser.' },
    'use-device-code': {
      flag: true,
      help: 'Uses the Device Code authorization grant and login flow instead of the Authorization Code flow.',
    },
  },
  run: async (given, context) => {
    const { files, profile, profileNamedBy, section = {} } = await configurationOf(context)
    const answers = prompter(context.outside)
    const questions = new SsoQuestions(answers, context)
    const chain = await chainOf(context, { newProfile: profile })

    const { session, keys, resolvedUrl, reuse, scopes, profileKeys } = await sessionFor(
      questions,
      section,
      chain,
      context,
    )
    const { startUrl, region } = requiredSsoKeys(keys)
    const token = await ssoLogin(chain.context, {
      startUrl,
      resolvedUrl,
      region,
      session,
      scopes,
      deviceCode: given['use-device-code'] === true,
      reuse,
      show: showPage({ outside: context.outside, open: given['no-browser'] !== true }),
    })

    const settings = { ...settingsFor(chain.settings, { region }), anonymous: true }
    const role = await chosenRole(String(token['accessToken']), settings, answers, context)
    if (role) Object.assign(profileKeys, { sso_account_id: role.account, sso_role_name: role.name })
    for (const [key, question] of [
      ['region', 'Default client Region'],
      ['output', 'CLI default output format (json if not specified)'],
    ] as const) {
      const value = await questions.profileKey(section, key, question)
      if (value) profileKeys[key] = value
    }
    const suggested = role && `${role.name}-${role.account}`
    const name = profileNamedBy === undefined ? (await questions.profileName(suggested))! : profile
    await writeSection(files.configPath, profileHeader(name), profileKeys)
    if (session !== undefined) await writeSection(files.configPath, sectionHeader('sso-session', session), keys)
    context.write(conclusion(name, role !== undefined))
    return 0
  },
})

interface SessionAnswers {
  /** Undefined for a profile of its own, without an sso-session. */
  readonly session?: string
  readonly keys: Answers
  readonly resolvedUrl?: string
  readonly reuse: boolean
  readonly scopes?: readonly string[]
  /** What the profile is to hold: the same object as `keys` where there is no session. */
  readonly profileKeys: Answers
}

async function sessionFor(
  questions: SsoQuestions,
  section: IniSection,
  chain: Chain,
  context: Context,
): Promise<SessionAnswers> {
  const settings = async (): Promise<Settings> => chain.settings
  const session = await questions.sessionName(textOf(section, 'sso_session'), { required: false })
  const ofProfile: Answers = {}
  for (const key of ['sso_start_url', 'sso_region']) {
    const value = textOf(section, key)
    if (value !== undefined) ofProfile[key] = value
  }
  if (session === undefined) {
    context.write(
      '\x1b[1mWARNING: Configuring using legacy format (e.g. without an SSO session).\n' +
        'Consider re-running "configure sso" command and providing a session name.\n\x1b[0m',
    )
    const resolvedUrl = await questions.startUrlAndRegion(ofProfile, settings)
    return { keys: ofProfile, resolvedUrl, reuse: true, profileKeys: ofProfile }
  }
  const known = chain.context.configuration.files.ssoSessions.get(session) as Answers | undefined
  if (known) {
    const scopes = textOf(known, 'sso_registration_scopes')
    return {
      session,
      keys: { ...known },
      reuse: true,
      profileKeys: { sso_session: session },
      ...(scopes === undefined ? {} : { scopes: scopesIn(scopes) }),
    }
  }
  const resolvedUrl = await questions.startUrlAndRegion(ofProfile, settings)
  const scopes = scopesIn(await questions.scopes(ofProfile))
  return { session, keys: ofProfile, resolvedUrl, scopes, reuse: false, profileKeys: { sso_session: session } }
}

/** Undefined where the token opens no accounts. Throws Error where there is none to choose. */
async function chosenRole(
  accessToken: string,
  settings: Settings,
  questions: Prompter,
  context: Context,
): Promise<{ account: string; name: string } | undefined> {
  const pick = (lines: string[], nothing: string): Promise<number> =>
    choose(lines, nothing, { outside: context.outside, questions })
  try {
    const accounts = await everyOne('ListAccounts', { accessToken }, 'accountList', settings)
    const account = await chosenAccount(accounts, pick, context)
    context.write(`Using the account ID ${account}\n`)
    const roles = await everyOne('ListAccountRoles', { accessToken, accountId: account }, 'roleList', settings)
    const name = await chosenName(roles, account, pick, context)
    context.write(`Using the role name "${name}"\n`)
    return { account, name }
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'UnauthorizedException') throw error
    context.write(
      'Unable to list AWS accounts and/or roles. Skipping configuring AWS credential provider for profile.\n',
    )
    return undefined
  }
}

type Pick = (lines: string[], nothing: string) => Promise<number>

async function chosenAccount(accounts: Structure[], pick: Pick, { write }: Context): Promise<string> {
  if (accounts.length === 0) throw new Error('No AWS accounts are available to you.')
  if (accounts.length === 1) {
    write(`The only AWS account available to you is: ${String(accounts[0]!['accountId'])}\n`)
    return String(accounts[0]!['accountId'])
  }
  write(`There are ${accounts.length} AWS accounts available to you.\n${howToChoose}`)
  const sorted = accounts
    .map((account) => ({ id: String(account['accountId']), line: accountLine(account), key: accountKey(account) }))
    .sort((a, b) => Number(a.key === '') - Number(b.key === '') || compare(a.key || a.id, b.key || b.id))
  const place = await pick(
    sorted.map(({ line }) => line),
    'No matching accounts found',
  )
  return sorted[place]!.id
}

async function chosenName(roles: Structure[], account: string, pick: Pick, { write }: Context): Promise<string> {
  const names = roles.map(({ roleName }) => String(roleName)).sort((a, b) => compare(a.toLowerCase(), b.toLowerCase()))
  if (names.length === 0) throw new Error(`No roles are available for the account ${account}`)
  if (names.length === 1) {
    write(`The only role available to you is: ${names[0]}\n`)
    return names[0]!
  }
  write(`There are ${names.length} roles available to you.\n${howToChoose}`)
  return names[await pick(names, 'No matching roles found')]!
}

const howToChoose = 'Use arrow keys to navigate, type to filter, and press Enter to select.\n'

/** `only, only@example.com (123456789012)` */
function accountLine({ accountName, emailAddress, accountId }: Structure): string {
  const names = [accountName, emailAddress].filter((name) => name !== undefined).join(', ')
  return names === '' ? String(accountId) : `${names} (${String(accountId)})`
}

function accountKey({ accountName, emailAddress }: Structure): string {
  return String(accountName ?? emailAddress ?? '').toLowerCase()
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

async function everyOne(name: string, input: Structure, list: string, settings: Settings): Promise<Structure[]> {
  const operation = await settings.models.operation('sso', name)
  const found: Structure[] = []
  for await (const page of paginate(operation, operation.service.paginator(name)!, input, settings).pages) {
    found.push(...((page[list] as Structure[] | undefined) ?? []))
  }
  return found
}

function conclusion(profile: string, complete: boolean): string {
  if (!complete) return `Successfully configured SSO for profile: ${profile}\n`
  if (profile.toLowerCase() === 'default') {
    return (
      'The AWS CLI is now configured to use the default profile.\n' +
      'Run the following command to verify your configuration:\n\naws sts get-caller-identity\n'
    )
  }
  return (
    'To use this profile, specify the profile name using --profile, as shown:\n\n' +
    `aws sts get-caller-identity --profile ${profile}\n`
  )
}
