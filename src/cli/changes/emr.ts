// EMR: states and tags in short.

import { refused } from './change.ts'
import type { CommandChange, ServiceChanges } from './change.ts'

const states = {
  active: ['STARTING', 'BOOTSTRAPPING', 'RUNNING', 'WAITING', 'TERMINATING'],
  terminated: ['TERMINATED'],
  failed: ['TERMINATED_WITH_ERRORS'],
}

const listClusters: CommandChange = {
  add: {
    'created-after': { type: 'timestamp' },
    'created-before': { type: 'timestamp' },
    'cluster-states': { nargs: '+' },
    active: { flag: true },
    terminated: { flag: true },
    failed: { flag: true },
  },
  input: (input, given) => {
    if (given['created-after'] !== undefined) input.CreatedAfter = given['created-after']
    if (given['created-before'] !== undefined) input.CreatedBefore = given['created-before']
    const wanted = [
      ...(given['cluster-states'] === undefined ? [] : [given['cluster-states']]),
      ...Object.entries(states)
        .filter(([name]) => given[name] === true)
        .map(([, list]) => list),
    ]
    if (wanted.length > 1) {
      throw refused(
        'You can specify only one of the cluster state filters: --cluster-states, --active, --terminated, --failed.',
      )
    }
    if (wanted.length === 1) input.ClusterStates = wanted[0]
  },
}

const addTags: CommandChange = {
  add: { tags: { required: true, nargs: '+' } },
  input: (input, given) => {
    if (given.tags === undefined) return
    input.Tags = (given.tags as string[]).map((tag) => {
      const equals = tag.indexOf('=')
      return equals < 0 ? { Key: tag, Value: '' } : { Key: tag.slice(0, equals), Value: tag.slice(equals + 1) }
    })
  },
}

export const emr: ServiceChanges = { commands: { 'add-tags': addTags, 'list-clusters': listClusters } }
