// Is it too much? The place where token buckets stand, between reading a request and asking IAM. Off: nothing waits and
// nothing is refused. (Issue: "Throttling and quotas".)

import type { CallContext } from './service.ts'

/** Lets a request through, or throws the service's throttling error. */
export function admit(_context: CallContext): void {}
