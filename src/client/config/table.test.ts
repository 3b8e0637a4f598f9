import { expect, test } from 'bun:test'
import { settingNames, settingRow } from './table.ts'

test('every row can be read', () => {
  const names = settingNames()
  expect(names.length).toBeGreaterThan(60)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) {
    const row = settingRow(name)!
    expect(['text', 'integer', 'boolean', 'choice']).toContain(row.type)
    expect(row.key ?? name).toBe(name)
    for (const variable of row.env) expect(variable).toMatch(/^[A-Z][A-Z0-9_]+$/)
    if (row.type === 'choice') expect(row.oneOf).toContain(row.default as string)
    if (row.type === 'boolean') expect(['true', 'false']).toContain(row.default as string)
  }
})

test.each([
  ['region', { env: ['AWS_REGION', 'AWS_DEFAULT_REGION'], key: 'region', default: undefined, type: 'text' }],
  ['config_file', { env: ['AWS_CONFIG_FILE'], key: undefined, default: '~/.aws/config' }],
  ['s3.addressing_style', { env: [], key: 's3.addressing_style' }],
  ['role_arn', { env: ['AWS_ROLE_ARN'], together: true, type: 'text' }],
  ['retry_mode', { default: 'standard', oneOf: ['standard', 'adaptive'] }],
])('%s', (name, expected) => expect(settingRow(name)).toMatchObject(expected))

test.each(['reg', 'egion', 'name', '', '#', 'x'])('%j is no setting', (name) =>
  expect(settingRow(name)).toBeUndefined(),
)
