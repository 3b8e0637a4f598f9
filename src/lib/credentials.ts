// A set of keys: what every signature is made with.

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** When the session ends; undefined for long-term keys. */
  readonly expiration?: Date
  readonly accountId?: string
  /** The rung of the chain it came from, as the documentation names it: `env`, `shared-credentials-file`, `assume-role` … */
  readonly source?: string
}
