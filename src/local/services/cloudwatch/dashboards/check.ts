// What is wrong with a dashboard's body? Errors refuse it, warnings are told and it is kept.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

export interface Finding {
  readonly DataPath: string
  readonly Message: string
  readonly isError: boolean
}

const types = ['metric', 'text', 'log', 'alarm', 'explorer', 'custom']
const mostWidgets = 500

export function checkBody(text: string): Finding[] {
  const findings: Finding[] = []
  const find = (isError: boolean, DataPath: string, Message: string): void =>
    void findings.push({ DataPath, Message, isError })
  const error = (path: string, message: string): void => find(true, path, message)
  const warning = (path: string, message: string): void => find(false, path, message)
  let body: any
  try {
    body = JSON.parse(text)
  } catch {
    error('/', 'The field DashboardBody must be a valid JSON object')
    return findings
  }
  if (!isObject(body)) {
    error('/', 'The field DashboardBody must be a valid JSON object')
    return findings
  }
  if (body.widgets === undefined) error('/', 'Should have property widgets')
  else if (!Array.isArray(body.widgets)) error('/widgets', 'Should be array')
  else if (body.widgets.length > mostWidgets) error('/widgets', `Should NOT have more than ${mostWidgets} items`)
  else body.widgets.forEach((widget: unknown, i: number) => checkWidget(widget, `/widgets/${i}`, error, warning))
  if (body.periodOverride !== undefined && !['auto', 'inherit'].includes(body.periodOverride))
    error('/periodOverride', 'Should be equal to one of the allowed values')
  if (body.start !== undefined && typeof body.start !== 'string') error('/start', 'Should be string')
  return findings
}

type Tell = (path: string, message: string) => void

function checkWidget(widget: unknown, path: string, error: Tell, warning: Tell): void {
  if (!isObject(widget)) return error(path, 'Should be object')
  const { type, properties, ...rest } = widget as Record<string, any>
  if (type === undefined) error(path, "Should have required property 'type'")
  else if (!types.includes(type)) error(`${path}/type`, 'Should be equal to one of the allowed values')
  if (properties === undefined) error(path, "Should have required property 'properties'")
  else if (!isObject(properties)) error(`${path}/properties`, 'Should be object')
  else checkProperties(type, properties, `${path}/properties`, error, warning)
  for (const [name, least, most] of [
    ['x', 0, 23],
    ['y', 0, Infinity],
    ['width', 1, 24],
    ['height', 1, 1000],
  ] as const) {
    const value = rest[name]
    if (value === undefined) continue
    if (!Number.isInteger(value)) error(`${path}/${name}`, 'Should be integer')
    else if (value < least) error(`${path}/${name}`, `Should be >= ${least}`)
    else if (value > most) error(`${path}/${name}`, `Should be <= ${most}`)
  }
  if ((rest['x'] === undefined) !== (rest['y'] === undefined)) error(path, 'x and y must be specified together')
}

function checkProperties(type: unknown, given: Record<string, any>, path: string, error: Tell, warning: Tell): void {
  if (type === 'text' && typeof given['markdown'] !== 'string') error(path, "Should have required property 'markdown'")
  if (type === 'log' && typeof given['query'] !== 'string') error(path, "Should have required property 'query'")
  if (type === 'alarm' && !Array.isArray(given['alarms'])) error(path, "Should have required property 'alarms'")
  if (type !== 'metric') return
  if (given['metrics'] === undefined && given['annotations'] === undefined)
    error(path, "Should have required property 'metrics'")
  if (given['region'] === undefined) warning(path, "Should have property 'region'")
  if (given['metrics'] === undefined) return
  if (!Array.isArray(given['metrics'])) return error(`${path}/metrics`, 'Should be array')
  given['metrics'].forEach((metric: unknown, i: number) => {
    const here = `${path}/metrics/${i}`
    if (!Array.isArray(metric) || metric.length === 0) return error(here, 'Should be a metric array')
    const names = metric.filter((part) => typeof part === 'string')
    // A namespace, a name, and pairs of dimensions; `.` and `...` repeat what stood before.
    if (isObject(metric[0])) return undefined
    if (!names.includes('...') && names.length % 2 === 1)
      return error(here, 'Invalid metric field type, the number of strings must be even')
    return undefined
  })
}

function isObject(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
