// Automatic management: who is told before a quota runs out, and of which quotas. What is set is kept; nobody is told yet.

import { quotaNamed } from '../../../quotas/registry.ts'
import { findQuota, illegalArgument, noSuchResource, type QuotaContext, type QuotaHandler } from '../state.ts'

interface Management {
  readonly level: 'ACCOUNT'
  readonly type: 'NotifyOnly' | 'NotifyAndAdjust'
  readonly notify?: string
  /** Quota codes by service. */
  readonly excluded: Readonly<Record<string, readonly string[]>>
}

const table = 'quota-management'

function keyOf({ account, region }: QuotaContext): string {
  return `${account}/${region}`
}

function managementOf(context: QuotaContext): Management | undefined {
  return context.state.rows.get<Management & Record<string, never>>(table, keyOf(context))
}

export const startAutoManagement: QuotaHandler = (input, context) => {
  const { OptInLevel: level, OptInType: type, NotificationArn: notify, ExclusionList = {} } = input
  if (managementOf(context)) throw illegalArgument('Automatic Management is enabled already.')
  const management: Management = {
    level,
    type,
    ...(notify !== undefined && { notify }),
    excluded: checked(ExclusionList, context),
  }
  context.state.rows.put(table, keyOf(context), management)
  return {}
}

export const updateAutoManagement: QuotaHandler = (input, context) => {
  const { OptInType: type, NotificationArn: notify, ExclusionList } = input
  const changed: Management = {
    ...enabled(context),
    ...(type !== undefined && { type }),
    ...(notify !== undefined && { notify }),
    ...(ExclusionList !== undefined && { excluded: checked(ExclusionList, context) }),
  }
  context.state.rows.put(table, keyOf(context), changed)
  return {}
}

export const stopAutoManagement: QuotaHandler = (_, context) => {
  enabled(context)
  context.state.rows.delete(table, keyOf(context))
  return {}
}

export const getAutoManagementConfiguration: QuotaHandler = (_, context) => {
  const management = managementOf(context)
  if (!management) return { OptInStatus: 'DISABLED' }
  return {
    OptInLevel: management.level,
    OptInType: management.type,
    ...(management.notify !== undefined && { NotificationArn: management.notify }),
    OptInStatus: 'ENABLED',
    ExclusionList: Object.fromEntries(
      Object.entries(management.excluded).map(([service, codes]) => [
        service,
        codes.map((code) => ({ QuotaCode: code, QuotaName: quotaNamed(service, code)!.name })),
      ]),
    ),
  }
}

function enabled(context: QuotaContext): Management {
  const management = managementOf(context)
  if (!management) throw noSuchResource('Automatic Management is not enabled for this account.')
  return management
}

/** Throws NoSuchResourceException for a quota that is not there. */
function checked(list: Record<string, string[]>, { region }: QuotaContext): Management['excluded'] {
  for (const [service, codes] of Object.entries(list)) for (const code of codes) findQuota(service, code, region)
  return list
}
