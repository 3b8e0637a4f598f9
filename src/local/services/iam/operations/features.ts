// What an account switches on for itself, and a management account for its members' roots.

import { AwsError } from '../../../../lib/errors.ts'
import { Organizations, type Organization } from '../../../accounts/organizations.ts'
import type { IamContext, IamHandler } from '../state.ts'

export const setSecurityTokenServicePreferences: IamHandler = (input, { state }) => {
  state.accounts.update(state.settings(), { tokenVersion: input.GlobalEndpointTokenVersion === 'v2Token' ? 2 : 1 })
}

export const enableOutboundWebIdentityFederation: IamHandler = (_input, { state }) => {
  const settings = state.settings()
  if (settings.outbound?.enabled)
    throw new AwsError('FeatureEnabled', 'Outbound web identity federation is already enabled for this account.', {
      status: 409,
    })
  // The issuer stays the same, however often it is switched off and on.
  const issuer = settings.outbound?.issuer ?? `https://${crypto.randomUUID()}.tokens.sts.global.api.aws`
  state.accounts.update(settings, { outbound: { issuer, enabled: true } })
  return { IssuerIdentifier: issuer }
}

export const disableOutboundWebIdentityFederation: IamHandler = (_input, { state }) => {
  const settings = state.settings()
  if (!settings.outbound?.enabled) throw featureDisabled()
  state.accounts.update(settings, { outbound: { ...settings.outbound, enabled: false } })
}

export const getOutboundWebIdentityFederationInfo: IamHandler = (_input, { state }) => {
  const { outbound } = state.settings()
  if (!outbound?.enabled) throw featureDisabled()
  return { IssuerIdentifier: outbound.issuer, JwtVendingEnabled: true }
}

function featureDisabled(): AwsError {
  return new AwsError('FeatureDisabled', 'Outbound web identity federation is not enabled for this account.', {
    status: 404,
  })
}

type RootFeature = Organization['rootFeatures'][number]

export const enableOrganizationsRootCredentialsManagement: IamHandler = (_input, context) =>
  withFeature(context, 'RootCredentialsManagement', true)
export const disableOrganizationsRootCredentialsManagement: IamHandler = (_input, context) =>
  withFeature(context, 'RootCredentialsManagement', false)
export const enableOrganizationsRootSessions: IamHandler = (_input, context) =>
  withFeature(context, 'RootSessions', true)
export const disableOrganizationsRootSessions: IamHandler = (_input, context) =>
  withFeature(context, 'RootSessions', false)
export const listOrganizationsFeatures: IamHandler = (_input, context) => shape(managedOrganization(context))

function withFeature(context: IamContext, feature: RootFeature, on: boolean): object {
  const organization = managedOrganization(context)
  if (on && organization.management !== context.account)
    throw new AwsError(
      'CallerIsNotManagementAccountException',
      'This operation can be performed only by the management account of the organization.',
    )
  const others = organization.rootFeatures.filter((each) => each !== feature)
  new Organizations(context.state.rows).all.update(organization, { rootFeatures: on ? [...others, feature] : others })
  return shape(organization)
}

function shape({ id, rootFeatures }: Organization): object {
  return { OrganizationId: id, EnabledFeatures: rootFeatures }
}

/** The organization of a caller who manages it, or IAM in it. */
function managedOrganization({ state, account }: IamContext): Organization {
  const organization = new Organizations(state.rows).of(account)
  if (!organization)
    throw new AwsError('OrganizationNotFoundException', 'The account is not a member of an organization.')
  const service = 'iam.amazonaws.com'
  const isDelegate = organization.delegates.some((each) => each.account === account && each.service === service)
  if (organization.management !== account && !isDelegate)
    throw new AwsError(
      'AccountNotManagementOrDelegatedAdministratorException',
      'The account is neither the management account of the organization nor a delegated administrator for IAM.',
    )
  if (organization.features !== 'ALL')
    throw new AwsError(
      'OrganizationNotInAllFeaturesModeException',
      'The organization does not have all features enabled.',
    )
  if (organization.services[service] === undefined)
    throw new AwsError('ServiceAccessNotEnabledException', 'Trusted access is not enabled for IAM in Organizations.')
  return organization
}
