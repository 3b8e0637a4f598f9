// Which commands of AWS CLI are not built here, and what are their arguments?
//
// The grammar is the reference's, so that nothing is mistaken for something else; running one says it is not built.
// A command that is built leaves this table for one line in `table.ts`. Data taken from AWS CLI 2.36.12's own grammar.

import type { AddedArgument } from '../changes/change.ts'

export const unbuilt: Readonly<Record<string, Readonly<Record<string, AddedArgument>>>> = {
  'dynamodb wizard new-table': {},
  'ecs monitor-express-gateway-service': {
    'service-arn': { required: true },
    'resource-view': { choices: ['RESOURCE', 'DEPLOYMENT'], default: 'RESOURCE' },
    mode: { choices: ['INTERACTIVE', 'TEXT-ONLY'] },
    timeout: { type: 'integer', default: 30 },
  },
  'events wizard new-rule': {},
  'iam wizard new-role': {},
  'lambda wizard new-function': {},
  'configure agent-toolkit': {
    yes: { flag: true },
  },
  'configure wizard': {},
  'cli-dev wizard-dev': {
    'run-wizard': {},
  },
  'agent-toolkit get-skill-file': {
    'skill-name': { required: true },
    'file-path': { required: true },
    'skill-version': {},
  },
  'agent-toolkit add-skill': {
    'skill-name': { required: true },
    'skill-version': {},
    agent: {},
  },
  'agent-toolkit list-installed-skills': {
    agent: {},
  },
  'agent-toolkit remove-skill': {
    'skill-name': { required: true },
    agent: {},
  },
  'agent-toolkit update-skill': {
    'skill-name': { required: true },
    agent: {},
  },
  update: {},
}
