// What a handler of CloudWatch works on: rows in which everything stands under an account and a region, so that what is
// due can be found across all of them.

import type { CallContext, Handler, Where } from '../../service.ts'
import type { Rows } from '../../store/store.ts'

export interface CloudWatchState {
  readonly rows: Rows
  /** `123456789012/us-east-1` */
  readonly place: string
}

export type CloudWatchContext = CallContext & { readonly state: CloudWatchState }
export type CloudWatchHandler = Handler<CloudWatchState>

export function stateOf(rows: Rows, { account, region }: Where): CloudWatchState {
  return { rows, place: `${account}/${region}` }
}
