// What do IAM's reports have in common?

import type { Actions } from '../../../model/actions.ts'
import type { IamJob } from '../../accounts/records.ts'
import { wholeSeconds } from './present.ts'

/** The report is made when it is fetched, so it is always ready. */
export function jobShape({ created }: IamJob): object {
  return { JobStatus: 'COMPLETED', JobCreationDate: wholeSeconds(created), JobCompletionDate: wholeSeconds(created) }
}

/** `Amazon S3` for `s3`. */
export async function titleOf(actions: Actions, service: string): Promise<string> {
  return (await actions.service(service))?.title ?? service
}
