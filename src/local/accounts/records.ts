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
  login?: { created: number; resetRequired: boolean; salt: string; password: string }
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
