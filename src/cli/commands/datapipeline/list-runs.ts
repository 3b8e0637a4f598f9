// When did a pipeline run, and how did it go? The instances of its objects, two lines each unless `--output` says otherwise.

import { Failure } from '../../../lib/errors.ts'
import { compareText } from '../../../lib/python.ts'
import { isStructure } from '../../../lib/value.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import { refused } from '../../changes/change.ts'
import { compiledQuery } from '../../show.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'

const statuses = [
  'waiting',
  'pending',
  'cancelled',
  'running',
  'finished',
  'failed',
  'waiting_for_runner',
  'waiting_on_dependencies',
  'shutting_down',
]

const MOST_DESCRIBED = 100
const DEFAULT_DAYS = 4

export const listRuns = command({
  name: 'datapipeline list-runs',
  help: `Lists the times the specified pipeline has run: those of the last ${DEFAULT_DAYS} days, unless an interval is given.`,
  arguments: {
    'pipeline-id': { required: true, help: 'The identifier of the pipeline.' },
    status: { help: `Only runs in these states, separated by commas: ${statuses.join(', ')}.` },
    'start-interval': { help: 'Only runs that started within this interval: two times, separated by a comma.' },
    'schedule-interval': { help: 'Only runs that are scheduled to start within this interval.' },
  },
  run: async (given, context) => {
    const pipelineId = given['pipeline-id'] as string
    const [status, started, scheduled] = ['status', 'start-interval', 'schedule-interval'].map((name) => {
      return (given[name] as string | undefined)?.split(',').map((part) => part.trim())
    })
    const unknown = status?.find((each) => !statuses.includes(each))
    if (unknown !== undefined) {
      throw refused(`Invalid status: ${unknown}, must be one of: ${statuses.join(', ')}`)
    }
    const selectors: Structure[] = []
    if (started !== undefined) selectors.push(between('@actualStartTime', started))
    if (scheduled !== undefined) selectors.push(between('@scheduledStartTime', scheduled))
    if (selectors.length === 0) selectors.push(between('@actualStartTime', lastDays(context.outside.clock())))
    if (status !== undefined) selectors.push(selector('@status', 'EQ', status))
    const ids: Value[] = []
    const query = { pipelineId, sphere: 'INSTANCE', query: { selectors } }
    for await (const page of context.pages('datapipeline', 'QueryObjects', query)) {
      ids.push(...((page.ids ?? []) as Value[]))
    }
    const runs: Structure[] = []
    for (let at = 0; at < ids.length; at += MOST_DESCRIBED) {
      const objectIds = ids.slice(at, at + MOST_DESCRIBED)
      const { pipelineObjects } = await context.call('datapipeline', 'DescribeObjects', { pipelineId, objectIds })
      runs.push(...((pipelineObjects ?? []) as Structure[]).map(runOf))
    }
    runs.sort((a, b) => compareBy('@scheduledStartTime', a, b) || compareBy('name', a, b))
    if (context.globals.output === undefined) await tell(runs, context)
    else await context.show('list-runs', runs as unknown as Structure)
    return 0
  },
})

function between(field: string, [from, until]: readonly string[]): Structure {
  if (until === undefined) throw new Failure('InvalidValue', 'list index out of range')
  return selector(field, 'BETWEEN', [from!, until])
}

function selector(fieldName: string, type: string, values: readonly string[]): Structure {
  return { fieldName, operator: { type, values: values.map((value) => (type === 'EQ' ? value.toUpperCase() : value)) } }
}

function lastDays(now: Date): string[] {
  const from = new Date(now.getTime() - DEFAULT_DAYS * 86_400_000)
  return [from, now].map((moment) => moment.toISOString().slice(0, 19))
}

/** An object of the service, its list of fields made members. */
function runOf({ id, name, fields }: Structure): Structure {
  const run: Structure = { '@id': id, name }
  for (const { key, stringValue, refValue } of fields as Structure[]) {
    run[key as string] = stringValue ?? refValue ?? null
  }
  return run
}

function compareBy(field: string, a: Structure, b: Structure): number {
  return compareText(String(a[field] ?? ''), String(b[field] ?? ''))
}

async function tell(runs: readonly Structure[], context: Context): Promise<void> {
  const query = await compiledQuery(context.globals.query)
  const chosen = query === undefined ? runs : query(runs as unknown as Value)
  const second = row('    ', ['ID', 50], ['Started', 19], ['Ended', 19])
  context.write(`${row('    ', ['Name', 50], ['Scheduled Start', 19], ['Status', 23])}\n${second}\n`)
  context.write(`${'-'.repeat(second.length)}\n`)
  if (!Array.isArray(chosen))
    throw new Failure('InvalidValue', '--query must leave a list of runs, or --output be given')
  for (const [index, run] of chosen.entries()) {
    if (!isStructure(run) || run['@componentParent'] === undefined) {
      throw new Failure('InvalidValue', "'@componentParent'")
    }
    const [first, ...rest] = ['@componentParent', '@scheduledStartTime', '@status', '@id', '@actualStartTime'].map(
      (name) => String(run[name] ?? ''),
    ) as [string, string, string, string, string]
    const number = `${String(index + 1).padStart(4)}. `
    context.write(`${row(number.slice(0, -1), [first, 50], [rest[0], 19], [rest[1], 23])}\n`)
    const ended = String(run['@actualEndTime'] ?? '')
    context.write(`${row('    ', [rest[2], 50], [rest[3], 19], [ended, 19])}\n\n`)
  }
}

/** Columns of fixed widths; what is longer is cut. */
function row(before: string, ...columns: readonly (readonly [string, number])[]): string {
  const cells = columns.map(([text, width]) => [...text].slice(0, width).join('').padEnd(width))
  return `${before.padEnd(5)}  ${cells.join('  ')}`
}
