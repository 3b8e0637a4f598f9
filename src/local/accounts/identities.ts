// Who is there? Accounts with their users, groups, roles, policies, profiles, devices and keys: typed tables over the
// rows of the namespace `iam`, which authentication, STS and IAM share.
//
// Names are unique without regard to case, so rows stand under the name in lower case; the record keeps the spelling.

import type { Rows } from '../store/store.ts'
import { awsManagedPolicy } from './aws-managed.ts'
import type {
  Access,
  AccessKey,
  Account,
  Group,
  IamJob,
  InstanceProfile,
  ManagedPolicy,
  MfaDevice,
  OidcProvider,
  Role,
  SamlProvider,
  ServerCertificate,
  User,
} from './records.ts'

export class Table<T> {
  readonly #rows: Rows
  readonly #name: string
  readonly #keyOf: (record: T) => string

  constructor(rows: Rows, name: string, keyOf: (record: T) => string) {
    this.#rows = rows
    this.#name = name
    this.#keyOf = keyOf
  }

  get(key: string): T | undefined {
    return this.#rows.get<T>(this.#name, key.toLowerCase())
  }

  put(record: T): void {
    this.#rows.put(this.#name, this.#keyOf(record).toLowerCase(), record)
  }

  /** Changes a record in place and stores it. */
  update(record: T, change: Partial<T>): T {
    Object.assign(record as object, change)
    this.put(record)
    return record
  }

  delete(key: string): void {
    this.#rows.delete(this.#name, key.toLowerCase())
  }

  all(): T[] {
    return this.#rows.scan<T>(this.#name).map((row) => row.value)
  }
}

const nameOf = (record: { name: string }): string => record.name

/** The identities of one account. */
export class Identities {
  readonly account: string
  readonly rows: Rows

  constructor(rows: Rows, account: string) {
    this.rows = rows
    this.account = account
  }

  get users(): Table<User> {
    return new Table<User>(this.rows, `users/${this.account}`, nameOf)
  }

  get groups(): Table<Group> {
    return new Table<Group>(this.rows, `groups/${this.account}`, nameOf)
  }

  get roles(): Table<Role> {
    return new Table<Role>(this.rows, `roles/${this.account}`, nameOf)
  }

  get profiles(): Table<InstanceProfile> {
    return new Table<InstanceProfile>(this.rows, `profiles/${this.account}`, nameOf)
  }

  /** Customer managed policies, by ARN. */
  get policies(): Table<ManagedPolicy> {
    return new Table<ManagedPolicy>(this.rows, `policies/${this.account}`, (policy) => policy.arn)
  }

  get devices(): Table<MfaDevice> {
    return new Table<MfaDevice>(this.rows, `devices/${this.account}`, (device) => device.serial)
  }

  get certificates(): Table<ServerCertificate> {
    return new Table<ServerCertificate>(this.rows, `certificates/${this.account}`, nameOf)
  }

  /** Identity providers, by ARN. */
  get oidcProviders(): Table<OidcProvider> {
    return new Table<OidcProvider>(this.rows, `oidc/${this.account}`, (provider) => provider.arn)
  }

  get samlProviders(): Table<SamlProvider> {
    return new Table<SamlProvider>(this.rows, `saml/${this.account}`, (provider) => provider.arn)
  }

  get jobs(): Table<IamJob> {
    return new Table<IamJob>(this.rows, `jobs/${this.account}`, (job) => job.id)
  }

  get accesses(): Table<Access> {
    return new Table<Access>(this.rows, `accesses/${this.account}`, (access) => access.key)
  }

  get keys(): AccessKeys {
    return new AccessKeys(this.rows)
  }

  get accounts(): Table<Account> {
    return new Table<Account>(this.rows, 'accounts', (each) => each.id)
  }

  arn(
    kind: 'user' | 'group' | 'role' | 'policy' | 'instance-profile' | 'mfa' | 'server-certificate',
    entity: { path: string; name: string },
  ): string {
    return `arn:aws:iam::${this.account}:${kind}${entity.path}${entity.name}`
  }

  /** A customer's policy of this account, or one of AWS's. */
  policy(arn: string): ManagedPolicy | undefined {
    return arn.startsWith('arn:aws:iam::aws:') ? awsManagedPolicy(arn) : this.policies.get(arn)
  }

  /** The account's own record; made when first asked for. */
  settings(): Account {
    return this.accounts.get(this.account) ?? { id: this.account, created: 0, accessKeys: [], mfaDevices: [] }
  }

  /** The identities of another account of this world. */
  of(account: string): Identities {
    return account === this.account ? this : new Identities(this.rows, account)
  }

  membersOf(group: string): User[] {
    return this.users.all().filter((user) => user.groups.includes(group))
  }
}

/** Access keys of all accounts: the one table that is asked before the account is known. Ids keep their case. */
export class AccessKeys {
  readonly #rows: Rows

  constructor(rows: Rows) {
    this.#rows = rows
  }

  get(id: string): AccessKey | undefined {
    return this.#rows.get<AccessKey>('access-keys', id)
  }

  put(key: AccessKey): void {
    this.#rows.put('access-keys', key.id, key)
  }

  delete(id: string): void {
    this.#rows.delete('access-keys', id)
  }
}

export function defaultVersion(policy: ManagedPolicy): string {
  return policy.versions.find((version) => version.id === policy.default)!.document
}
