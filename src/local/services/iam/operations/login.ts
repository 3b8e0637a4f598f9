// Passwords: login profiles, the account's password policy, ChangePassword.

import { sameSecret, toHex } from '../../../../lib/bytes.ts'
import { hmacSha256 } from '../../../../lib/hash.ts'
import { AwsError } from '../../../../lib/errors.ts'
import type { PasswordPolicy, User } from '../../../accounts/records.ts'
import { alreadyExists, noSuchEntity } from '../errors.ts'
import { wholeSeconds } from '../present.ts'
import { findUser, userOrSelf, type Iam, type IamContext, type IamHandler } from '../state.ts'

export const createLoginProfile: IamHandler = (input, context) => {
  const user = userOrSelf(context, input.UserName)
  if (!user) return { LoginProfile: rootLogin(context, true) }
  if (user.login) throw alreadyExists(`Login Profile for user ${user.name} already exists.`)
  const created = context.clock().getTime()
  const login = {
    created,
    resetRequired: input.PasswordResetRequired ?? false,
    ...hashed(context.state, input.Password ?? ''),
  }
  context.state.users.update(user, { login })
  return { LoginProfile: shape(user) }
}

export const getLoginProfile: IamHandler = (input, context) => {
  const user = userOrSelf(context, input.UserName)
  return { LoginProfile: user ? shape(withLogin(user)) : rootLogin(context) }
}

export const updateLoginProfile: IamHandler = (input, { state, clock }) => {
  const user = withLogin(findUser(state, input.UserName))
  const login = { ...user.login!, resetRequired: input.PasswordResetRequired ?? user.login!.resetRequired }
  if (input.Password !== undefined) Object.assign(login, hashed(state, input.Password), { changed: clock().getTime() })
  state.users.update(user, { login })
}

export const deleteLoginProfile: IamHandler = (input, context) => {
  const user = userOrSelf(context, input.UserName)
  if (user) context.state.users.update(withLogin(user), { login: undefined })
  else rootLogin(context, false)
}

/** Root's password, which only sessions of AssumeRoot set and delete; nobody logs in with it here. */
function rootLogin({ state, account, caller }: IamContext, set?: boolean): object {
  const settings = state.settings()
  const has = settings.rootPassword !== false
  if (set === true && has) throw alreadyExists(`Login Profile for user ${account} already exists.`)
  if (set !== true && !has) throw noSuchEntity(`Login Profile for User ${account} cannot be found.`)
  if (set !== undefined && caller.session?.kind !== 'AssumeRoot')
    throw new AwsError('AccessDenied', 'The password of root can be changed only in a session of AssumeRoot.', {
      status: 403,
    })
  if (set !== undefined) state.accounts.update(settings, { rootPassword: set })
  return { UserName: account, CreateDate: wholeSeconds(settings.created), PasswordResetRequired: set === true }
}

export const changePassword: IamHandler = (input, context) => {
  const user = withLogin(namedUser(context, undefined))
  const { salt, password } = user.login!
  if (!sameSecret(digest(salt, input.OldPassword), password))
    throw new AwsError('AccessDenied', 'The old password was incorrect.', { status: 403 })
  const changed = context.clock().getTime()
  const login = { ...user.login!, resetRequired: false, changed, ...hashed(context.state, input.NewPassword) }
  context.state.users.update(user, { login })
}

export const getAccountPasswordPolicy: IamHandler = (_input, { state }) => {
  const policy = state.settings().passwordPolicy
  if (!policy) throw noPolicy(state)
  return { PasswordPolicy: policy }
}

export const updateAccountPasswordPolicy: IamHandler = (input, { state }) => {
  // What is not given goes back to its default. https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html
  const passwordPolicy: PasswordPolicy = {
    MinimumPasswordLength: input.MinimumPasswordLength ?? 6,
    RequireSymbols: input.RequireSymbols ?? false,
    RequireNumbers: input.RequireNumbers ?? false,
    RequireUppercaseCharacters: input.RequireUppercaseCharacters ?? false,
    RequireLowercaseCharacters: input.RequireLowercaseCharacters ?? false,
    AllowUsersToChangePassword: input.AllowUsersToChangePassword ?? false,
    ExpirePasswords: (input.MaxPasswordAge ?? 0) > 0,
    MaxPasswordAge: input.MaxPasswordAge,
    PasswordReusePrevention: input.PasswordReusePrevention,
    HardExpiry: input.HardExpiry,
  }
  state.accounts.update(state.settings(), { passwordPolicy })
}

export const deleteAccountPasswordPolicy: IamHandler = (_input, { state }) => {
  const settings = state.settings()
  if (!settings.passwordPolicy) throw noSuchEntity('The account policy with name PasswordPolicy cannot be found.')
  state.accounts.update(settings, { passwordPolicy: undefined })
}

function namedUser(context: IamContext, name: string | undefined): User {
  const user = userOrSelf(context, name)
  if (!user) throw noSuchEntity(`Login Profile for User ${context.caller.accountId} cannot be found.`)
  return user
}

function withLogin(user: User): User {
  if (!user.login) throw noSuchEntity(`Login Profile for User ${user.name} cannot be found.`)
  return user
}

/** Kept as a salted digest: it is nobody's real password, but people type what they type. */
function hashed(state: Iam, password: string): { salt: string; password: string } {
  checkStrength(state, password)
  const salt = toHex(crypto.getRandomValues(new Uint8Array(16)))
  return { salt, password: digest(salt, password) }
}

function digest(salt: string, password: string): string {
  return toHex(hmacSha256(salt, password))
}

/** Without a policy of its own an account asks for 8 characters of 3 classes. */
function checkStrength(state: Iam, password: string): void {
  const policy = state.settings().passwordPolicy
  const classes: [RegExp, boolean, string][] = [
    [/[^A-Za-z0-9]/, policy?.RequireSymbols ?? false, 'one symbol'],
    [/[0-9]/, policy?.RequireNumbers ?? false, 'one number'],
    [/[A-Z]/, policy?.RequireUppercaseCharacters ?? false, 'one uppercase letter'],
    [/[a-z]/, policy?.RequireLowercaseCharacters ?? false, 'one lowercase letter'],
  ]
  const length = policy?.MinimumPasswordLength ?? 8
  if (password.length < length) throw violation(`Password should have a minimum length of ${length}`)
  for (const [pattern, required, what] of classes)
    if (required && !pattern.test(password)) throw violation(`Password should have at least ${what}`)
  if (!policy && classes.filter(([pattern]) => pattern.test(password)).length < 3)
    throw violation('Password should have at least three of: lowercase letter, uppercase letter, number, symbol')
}

function violation(message: string): Error {
  return new AwsError('PasswordPolicyViolation', message)
}

function noPolicy(state: Iam): Error {
  return noSuchEntity(`The Password Policy with domain name ${state.account} cannot be found.`)
}

function shape(user: User): object {
  const { created, resetRequired } = user.login!
  return { UserName: user.name, CreateDate: wholeSeconds(created), PasswordResetRequired: resetRequired }
}
