// The examples of AWS's documentation, and what they leave open.
// https://docs.aws.amazon.com/organizations/latest/userguide/inheritance-examples.html

import { expect, test } from 'bun:test'
import { effectivePolicy } from './effective-policy.ts'

const control = '@@operators_allowed_for_child_policies'
const center = (settings: object) => ({ tags: { costcenter: settings } })
const project = (settings: object) => ({ tags: { project: settings } })
const assign = (value: unknown) => ({ '@@assign': value })
const append = (...values: string[]) => ({ '@@append': values })
const remove = (...values: string[]) => ({ '@@remove': values })
const only = (...allowed: string[]) => ({ [control]: allowed.map((each) => `@@${each}`) })

const key = { tag_key: assign('CostCenter') }
const policyA = center({ ...key, tag_value: assign(['Development', 'Support']) })
const enforced = ['redshift:*', 'dynamodb:table']
const policyC = center({ ...key, tag_value: append('Marketing'), enforced_for: append(...enforced) })
const policyE = project({
  tag_key: { ...only('none'), ...assign('Project') },
  tag_value: { ...only('append'), ...assign(['Maintenance', 'Escalations']) },
})

test.each<[string, object[][], object]>([
  [
    'a child overwrites values, and adds a setting',
    [[policyA], [center({ ...key, tag_value: assign(['Sandbox']), enforced_for: assign(enforced) })]],
    center({ tag_key: 'CostCenter', tag_value: ['Sandbox'], enforced_for: enforced }),
  ],
  [
    'a child appends',
    [[policyA], [policyC]],
    center({ tag_key: 'CostCenter', tag_value: ['Development', 'Support', 'Marketing'], enforced_for: enforced }),
  ],
  [
    'what was removed to the last is not there',
    [
      [policyA],
      [policyC],
      [center({ ...key, tag_value: remove('Development', 'Marketing'), enforced_for: remove(...enforced) })],
    ],
    center({ tag_key: 'CostCenter', tag_value: ['Support'] }),
  ],
  [
    'a child can do what its parent lets it',
    [[policyE], [project({ tag_key: assign('PROJECT'), tag_value: append('Escalations - research') })]],
    project({ tag_key: 'Project', tag_value: ['Maintenance', 'Escalations', 'Escalations - research'] }),
  ],
  [
    'of one level, what all its policies allow is allowed',
    [
      [
        project({ tag_value: { ...only('append'), ...assign(['Maintenance']) } }),
        project({ tag_value: only('append', 'remove') }),
      ],
      [project({ tag_value: { ...append('More'), ...remove('Maintenance') } })],
    ],
    project({ tag_value: ['Maintenance', 'More'] }),
  ],
  [
    'of one level, the first that assigns counts',
    [[project({ tag_key: assign('PROJECT'), tag_value: append('a') }), project({ tag_key: assign('project') })]],
    project({ tag_key: 'PROJECT', tag_value: ['a'] }),
  ],
  [
    'what a level above forbids, none between can allow again',
    [[policyE], [project({ tag_value: only('all') })], [project({ tag_value: assign(['x']) })]],
    project({ tag_key: 'Project', tag_value: ['Maintenance', 'Escalations'] }),
  ],
  [
    'to a section that is closed nothing is added; what is in it goes by its own',
    [
      [{ services: { ...only('none'), lex: { opt_out_policy: assign('optIn') } } }],
      [{ services: { lex: { opt_out_policy: assign('optOut') }, polly: { opt_out_policy: assign('optOut') } } }],
    ],
    { services: { lex: { opt_out_policy: 'optOut' } } },
  ],
  ['a bare value counts as assigned', [[{ a: { b: 1 } }], [{ a: { b: 2 } }]], { a: { b: 2 } }],
])('%s', (_name, levels, wanted) => {
  expect(effectivePolicy(levels.map((level) => level.map((policy) => JSON.stringify(policy))))).toEqual(wanted as never)
})
