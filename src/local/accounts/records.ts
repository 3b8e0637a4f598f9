// What does an account know of its identities? The rows of the namespace `iam`, as they are stored. Moments are
// milliseconds; policy documents are the text that was given.

export interface Tag {
  Key: string
  Value: string
}

/** What users, groups and roles have in common, and what a policy can hang on. */
export interface Entity {
  name: string
  path: string
  /** AIDA…, AGPA…, AROA… */
  id: string
  created: number
  /** ARNs of attached managed policies, in the order of attachment. */
  attached: string[]
  inline: Record<string, string>
}

export interface User extends Entity {
  tags: Tag[]
  /** Names of groups. */
  groups: string[]
  boundary?: string
  accessKeys: string[]
  /** Serial numbers (ARNs) of the enabled devices. */
  mfaDevices: string[]
  login?: { created: number; changed?: number; resetRequired: boolean; salt: string; password: string }
  sshKeys?: SshKey[]
  certificates?: SigningCertificate[]
  serviceCredentials?: ServiceCredential[]
}

export type KeyStatus = 'Active' | 'Inactive' | 'Expired'

export interface SshKey {
  /** APKA… */
  id: string
  body: string
  fingerprint: string
  status: KeyStatus
  uploaded: number
}

export interface SigningCertificate {
  id: string
  body: string
  status: KeyStatus
  uploaded: number
}

/** A user name and password of one service. The password is told once and not kept. */
export interface ServiceCredential {
  /** ACCA… */
  id: string
  service: string
  /** `anna-at-123456789012`, or, for keys of APIs, the alias. */
  userName: string
  status: KeyStatus
  created: number
  expires?: number
}

export type Group = Entity

export interface Role extends Entity {
  tags: Tag[]
  boundary?: string
  trust: string
  description?: string
  /** Seconds. */
  maxSession: number
  lastUsed?: { at: number; region: string }
  /**
   * The unique ids that the users and roles of the trust policy had when it was saved, by ARN: whoever has the name
   * later is somebody else.
   */
  trusted?: Record<string, string>
}

export interface PolicyVersion {
  id: string
  document: string
  created: number
}

export interface ManagedPolicy {
  arn: string
  name: string
  path: string
  id: string
  description?: string
  created: number
  updated: number
  tags: Tag[]
  /** `v3`. */
  default: string
  /** The number of the next version. */
  next: number
  versions: PolicyVersion[]
}

export interface InstanceProfile {
  name: string
  path: string
  id: string
  created: number
  tags: Tag[]
  role?: string
}

/** Its private key is not kept: nobody can ask for it. */
export interface ServerCertificate {
  name: string
  path: string
  /** ASCA… */
  id: string
  body: string
  chain?: string
  uploaded: number
  expires: number
  tags: Tag[]
}

export interface OidcProvider {
  arn: string
  /** Without the scheme: `token.actions.githubusercontent.com`. */
  url: string
  clients: string[]
  thumbprints: string[]
  created: number
  tags: Tag[]
}

export interface SamlProvider {
  arn: string
  name: string
  uuid: string
  metadata: string
  created: number
  validUntil: number
  encryption: 'Required' | 'Allowed'
  /** Private keys for encrypted assertions. */
  keys: { id: string; key: string; added: number }[]
  tags: Tag[]
}

/** Something that was asked for and is fetched by its id: a report, the deletion of a service-linked role. */
export interface IamJob {
  id: string
  kind: 'last-accessed' | 'organizations-report' | 'role-deletion'
  created: number
  /** Of whom or what. */
  subject: string
  granularity?: 'SERVICE_LEVEL' | 'ACTION_LEVEL'
  /** The policy that a report of an organization is about. */
  policyId?: string
}

/** When a user or role last tried to use a service, whether it was let or not. */
export interface Access {
  /** `AIDA… s3` */
  key: string
  arn: string
  at: number
  region: string
  actions: Record<string, { at: number; region: string }>
}

export interface MfaDevice {
  /** `arn:aws:iam::123456789012:mfa/ana` */
  serial: string
  name: string
  path: string
  /** Base32. */
  seed: string
  created: number
  tags: Tag[]
  /** The user's name ('' for root), and since when. */
  user?: string
  enabled?: number
  /** The time step of the last code that was accepted: no code counts twice. */
  lastStep?: number
}

export interface AccessKey {
  id: string
  account: string
  /** '' for root. */
  user: string
  secret: string
  status: 'Active' | 'Inactive'
  created: number
  lastUsed?: { at: number; service: string; region: string }
}

export interface Account {
  id: string
  created: number
  alias?: string
  passwordPolicy?: PasswordPolicy
  /** Root's own keys and devices. */
  accessKeys: string[]
  mfaDevices: string[]
  /** False in accounts that an organization made, until root sets one. */
  rootPassword?: boolean
  /** Which tokens the global STS endpoint gives. */
  tokenVersion?: 1 | 2
  credentialReport?: { made: number; content: string }
  /** The issuer of the account's own web identity tokens, and whether it issues any. */
  outbound?: { issuer: string; enabled: boolean }
}

export interface PasswordPolicy {
  MinimumPasswordLength: number
  RequireSymbols: boolean
  RequireNumbers: boolean
  RequireUppercaseCharacters: boolean
  RequireLowercaseCharacters: boolean
  AllowUsersToChangePassword: boolean
  ExpirePasswords: boolean
  MaxPasswordAge?: number
  PasswordReusePrevention?: number
  HardExpiry?: boolean
}
