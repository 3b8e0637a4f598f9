// Which services does a policy open, and which does it shut altogether? Coarsely, as the access advisor asks: by what the
// actions begin with, whatever resources and conditions say.

interface Statement {
  readonly Effect?: unknown
  readonly Action?: unknown
  readonly NotAction?: unknown
  readonly Resource?: unknown
  readonly Condition?: unknown
}

/** Whether some statement allows some action of the service. */
export function opens(document: string, service: string): boolean {
  return statementsOf(document).some(({ Effect, Action, NotAction }) => {
    if (Effect !== 'Allow') return false
    if (NotAction !== undefined) return !listed(NotAction).some((action) => covers(action, service))
    return listed(Action).some((action) => action === '*' || action.toLowerCase().startsWith(`${service}:`))
  })
}

/** Whether a statement denies all of the service, always and everywhere. */
export function shuts(document: string, service: string): boolean {
  return statementsOf(document).some(
    ({ Effect, Action, NotAction, Resource, Condition }) =>
      Effect === 'Deny' &&
      Condition === undefined &&
      listed(Resource).includes('*') &&
      (NotAction === undefined
        ? listed(Action).some((action) => covers(action, service))
        : !listed(NotAction).some((action) => action === '*' || action.toLowerCase().startsWith(`${service}:`))),
  )
}

function covers(action: string, service: string): boolean {
  return action === '*' || action.toLowerCase() === `${service}:*`
}

function statementsOf(document: string): Statement[] {
  const { Statement = [] } = JSON.parse(document) as { Statement?: Statement | Statement[] }
  return [Statement].flat()
}

function listed(value: unknown): string[] {
  return value === undefined ? [] : ([value].flat() as string[])
}
