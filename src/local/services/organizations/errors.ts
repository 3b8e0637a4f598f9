// The errors of Organizations. Texts: recorded where there is a recording, else those of AWS's own documentation.

import { AwsError } from '../../../lib/errors.ts'

const error = (code: string, message: string, Reason?: string): AwsError =>
  new AwsError(code, message, Reason === undefined ? {} : { detail: { Reason } })

export const accessDenied = (): AwsError =>
  error('AccessDeniedException', "You don't have permissions to access this resource.")
export const notInUse = (): AwsError =>
  error('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.')
export const alreadyIn = (): AwsError =>
  error('AlreadyInOrganizationException', 'The provided account is already a member of an organization.')
export const noAccount = (): AwsError =>
  error('AccountNotFoundException', "You specified an account that doesn't exist.")
export const noParent = (): AwsError => error('ParentNotFoundException', "You specified parent that doesn't exist.")
export const noSourceParent = (): AwsError =>
  error('SourceParentNotFoundException', "You specified a source parent that doesn't exist.")
export const noDestinationParent = (): AwsError =>
  error('DestinationParentNotFoundException', "You specified a destination parent that doesn't exist.")
export const noChild = (): AwsError => error('ChildNotFoundException', "You specified a child that doesn't exist.")
export const noUnit = (): AwsError =>
  error('OrganizationalUnitNotFoundException', "You specified an organizational unit that doesn't exist.")
export const noRoot = (): AwsError => error('RootNotFoundException', "You specified a root that doesn't exist.")
export const noTarget = (): AwsError => error('TargetNotFoundException', "You specified a target that doesn't exist.")
export const noPolicy = (): AwsError => error('PolicyNotFoundException', "You specified a policy that doesn't exist.")
export const noEffectivePolicy = (): AwsError =>
  error(
    'EffectivePolicyNotFoundException',
    "If you ran this action on the management account, this policy type is not enabled. If you ran the action on a member account, the account doesn't have an effective policy of this type. Contact the administrator of your organization about attaching a policy of this type to the account.",
  )
export const noHandshake = (): AwsError =>
  error('HandshakeNotFoundException', "We can't find a handshake with the HandshakeId that you specified.")
export const noCreation = (): AwsError =>
  error(
    'CreateAccountStatusNotFoundException',
    "We can't find an create account request with the CreateAccountRequestId that you specified.",
  )
export const noResourcePolicy = (): AwsError =>
  error(
    'ResourcePolicyNotFoundException',
    "We can't find a resource policy request with the parameter that you specified.",
  )
export const duplicateUnit = (): AwsError =>
  error('DuplicateOrganizationalUnitException', 'An OU with the same name already exists.')
export const duplicatePolicy = (): AwsError =>
  error('DuplicatePolicyException', 'A policy with the same name already exists.')
export const duplicateAttachment = (): AwsError =>
  error('DuplicatePolicyAttachmentException', 'A policy with the same name already exists.')
export const notAttached = (): AwsError =>
  error('PolicyNotAttachedException', "The policy isn't attached to the specified target in the specified root.")
export const duplicateAccount = (): AwsError =>
  error('DuplicateAccountException', 'That account is already present in the specified destination.')
export const unitNotEmpty = (): AwsError =>
  error(
    'OrganizationalUnitNotEmptyException',
    'The specified OU is not empty. Move all accounts to another root or to other OUs, remove all child OUs, and try the operation again.',
  )
export const organizationNotEmpty = (): AwsError =>
  error(
    'OrganizationNotEmptyException',
    'To delete an organization you must first remove all member accounts (except the master).',
  )
export const policyInUse = (): AwsError =>
  error(
    'PolicyInUseException',
    'The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts before performing this operation.',
  )
export const malformedPolicy = (): AwsError =>
  error(
    'MalformedPolicyDocumentException',
    'The provided policy document does not meet the requirements of the specified policy type.',
  )
export const typeEnabled = (): AwsError =>
  error('PolicyTypeAlreadyEnabledException', 'The specified policy type is already enabled.')
export const typeNotEnabled = (): AwsError =>
  error('PolicyTypeNotEnabledException', 'This operation can be performed only for enabled policy types.')
export const typeNotAvailable = (): AwsError =>
  error(
    'PolicyTypeNotAvailableForOrganizationException',
    "You can't use the specified policy type with the feature set currently enabled for this organization.",
  )
export const managementStays = (): AwsError =>
  error(
    'MasterCannotLeaveOrganizationException',
    "You can't remove a management account from an organization. If you want the management account to become a member account in another organization, you must first delete the current organization of the management account.",
  )
export const alreadyClosed = (): AwsError =>
  error('AccountAlreadyClosedException', 'The provided account is already closed.')
export const alreadyRegistered = (): AwsError =>
  error(
    'AccountAlreadyRegisteredException',
    'The provided account is already a delegated administrator for your organization.',
  )
export const notRegistered = (): AwsError =>
  error(
    'AccountNotRegisteredException',
    'The provided account is not a registered delegated administrator for your organization.',
  )
export const handshakeState = (): AwsError =>
  error('InvalidHandshakeTransitionException', "You can't perform the operation on the handshake in its current state.")
export const duplicateHandshake = (): AwsError =>
  error('DuplicateHandshakeException', 'A handshake with the same action and target already exists.')
export const handshakeConstraint = (message: string, reason: string): AwsError =>
  error('HandshakeConstraintViolationException', message, reason)
export const invalidInput = (message: string, reason: string): AwsError =>
  error('InvalidInputException', message, reason)
export const constraint = (message: string, reason: string): AwsError =>
  error('ConstraintViolationException', message, reason)
