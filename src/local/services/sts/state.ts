// STS keeps nothing: it reads identities and seals sessions, all in the namespace `iam`.

import type { Identities } from '../../accounts/identities.ts'
import type { CallContext, Handler } from '../../service.ts'
import type { Rows } from '../../store/store.ts'

export interface Sts {
  readonly rows: Rows
  /** The caller's account. */
  readonly identities: Identities
}

export type StsHandler = Handler<Sts>
export type StsContext = CallContext & { readonly state: Sts }
