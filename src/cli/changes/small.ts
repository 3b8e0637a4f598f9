// Services with one small difference each.

import { Failure } from '../../lib/errors.ts'
import type { Structure } from '../../lib/value.ts'
import type { CommandChange, ServiceChanges } from './change.ts'

/** A structure out of which one member gets an argument of its own, because it does not fit shorthand. */
export const configservice: ServiceChanges = {
  commands: {
    'put-configuration-recorder': {
      add: { 'recording-group': { like: ['ConfigurationRecorder', 'recordingGroup'] } },
      input: (input, given) => {
        if (given['recording-group'] === undefined) return
        input.ConfigurationRecorder = {
          ...(input.ConfigurationRecorder as Structure),
          recordingGroup: given['recording-group'],
        }
      },
    },
  },
}

function bareMembers(...names: string[]): CommandChange {
  return { bareMembers: names }
}

export const elb: ServiceChanges = {
  commands: {
    'deregister-instances-from-load-balancer': bareMembers('instances'),
    'describe-instance-health': bareMembers('instances'),
    'register-instances-with-load-balancer': bareMembers('instances'),
    'remove-tags': bareMembers('tags'),
  },
}

export const firehose: ServiceChanges = { commands: { 'put-record-batch': bareMembers('records') } }

export const workspaces: ServiceChanges = {
  commands: {
    'reboot-workspaces': bareMembers('reboot-workspace-requests'),
    'rebuild-workspaces': bareMembers('rebuild-workspace-requests'),
    'terminate-workspaces': bareMembers('terminate-workspace-requests'),
  },
}

/** An old way of paging by hand that does not go with the new one. */
export const kinesis: ServiceChanges = {
  commands: {
    'list-streams': { hide: ['exclusive-start-stream-name'], unpagedWith: ['exclusive-start-stream-name'] },
  },
}

export const rds: ServiceChanges = {
  commands: {
    'add-option-to-option-group': { rename: { 'options-to-include': 'options' }, remove: ['options-to-remove'] },
    'remove-option-from-option-group': { rename: { 'options-to-remove': 'options' }, remove: ['options-to-include'] },
  },
}

const monitored: CommandChange = {
  add: {
    'monitor-resources': {
      nargs: '?',
      choices: ['DEPLOYMENT', 'RESOURCE'],
      whenEmpty: 'DEPLOYMENT',
      help: 'Watch the deployment or the resources on the terminal.',
    },
    'monitor-mode': { nargs: '?', choices: ['INTERACTIVE', 'TEXT-ONLY'], help: 'How to show what is watched.' },
  },
  check: (words) => {
    if (words['monitor-resources'] === undefined && words['monitor-mode'] === undefined) return
    throw new Failure(
      'NotImplemented',
      '--monitor-resources is not built here. Ask with: ecs describe-express-gateway-service',
    )
  },
}

/** The session is opened by the service and carried on by a plugin. */
export const ssm: ServiceChanges = {
  commands: {
    'start-session': {
      instead: async (input, context) =>
        (await import('../commands/session-manager/start-session.ts')).startSession(input, context),
    },
  },
}

export const ecs: ServiceChanges = {
  commands: {
    'execute-command': {
      instead: async (input, context) =>
        (await import('../commands/session-manager/execute-command.ts')).executeCommand(input, context),
    },
    'create-express-gateway-service': monitored,
    'delete-express-gateway-service': monitored,
    'update-express-gateway-service': monitored,
  },
}

/** The records of an event stream go to a file. */
export const s3api: ServiceChanges = {
  commands: { 'select-object-content': { streamsEvents: { event: 'Records', member: 'Payload' } } },
}
