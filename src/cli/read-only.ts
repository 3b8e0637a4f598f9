// `--read-only`, VIRGA_READ_ONLY=1: for agents, audits and nervous hands. Only operations go out whose every action is Read
// or List by the service authorization data; what is not known there is refused.

import { Failure } from '../lib/errors.ts'
import { actsThoughRead } from '../model/authorization/acting-reads.ts'
import { mappingOf, onlyLooks } from '../model/authorization/mapping.ts'
import type { Models, Operation } from '../model/model.ts'
import type { Globals } from './globals.ts'

/** Whatever the variable says counts, but for a plain no: nobody who sets it may find that it did nothing. */
export function isReadOnly({ readOnly }: Globals, env: Readonly<Record<string, string | undefined>>): boolean {
  return readOnly === true || !/^\s*(|0|false|no|off)\s*$/i.test(env['VIRGA_READ_ONLY'] ?? '')
}

/**
 * Commands that reach into machines and databases by other ways than an operation, or change what later commands run with: a
 * credential_process or an endpoint in the configuration, the keys, the models, the program that answers to `aws`.
 */
const reachingFurther = [
  'configure',
  'configure add-model',
  'configure import',
  'configure mfa-login',
  'configure set',
  'configure sso',
  'configure sso-session',
  'deploy install',
  'deploy uninstall',
  'dsql generate-db-connect-admin-auth-token',
  'dsql generate-db-connect-auth-token',
  'ec2-instance-connect open-tunnel',
  'ec2-instance-connect ssh',
  'emr get',
  'emr put',
  'emr socks',
  'emr ssh',
  'keys move',
  'keys restore',
  'models remove',
  'models update',
  'rds generate-db-auth-token',
  'shim install',
  'shim uninstall',
]

/** Commands of `virga local` that leave the account as it is, as they stand. */
const localLooks = /^(|snapshots|snapshots list|faults list|clock|settings( \S+)?|throttle|quotas|issuer jwks)$/

/** Throws Failure('ReadOnly') for a command of `virga local` that would change the account. */
export function requireLookingLocally(words: readonly string[]): void {
  const [command = '', ...rest] = words
  const looksAnyway = ['status', 'env', 'trail', 'why', 'policy-from-trail', 'coverage'].includes(command)
  // Wherever help is asked for, nothing else is done.
  if (words.some((word) => /^(help|--help|-h)$/.test(word))) return
  if (!looksAnyway && !localLooks.test([command, ...rest].join(' ')))
    throw new Failure('ReadOnly', `local ${command} was not run: only looking is allowed here (--read-only).`)
}

/** Throws Failure('ReadOnly') for a command that does more than operations do: those are asked about one by one. */
export function requireOperations(path: string): void {
  if (reachingFurther.includes(path))
    throw new Failure('ReadOnly', `${path} was not run: only looking is allowed here (--read-only).`)
}

/** What Settings.refuse asks. Throws Failure('ReadOnly'). */
export function refusesChanges(models: Models): (operation: Operation) => Promise<void> {
  return async (operation) => {
    const actions = await models.actions()
    if (await onlyLooks(operation, actions)) return
    const { actions: needed } = await mappingOf(operation, actions)
    const levels = needed.map(({ prefix, name, known }) => `${prefix}:${name} is ${known?.accessLevel ?? 'not known'}`)
    const reason = actsThoughRead(operation.service.name, operation.name)
      ? `it does more, though ${levels.join(', ')}`
      : levels.join(', ')
    throw new Failure(
      'ReadOnly',
      `${operation.name} was not sent: only looking is allowed here (--read-only), and ${reason}.`,
    )
  }
}
