// What AWS CLI 2.36.12 writes into a kubeconfig, and prints of it.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'bun:test'
import { builtModels, ran } from '../../outside.fixture.ts'

const place = mkdtempSync(join(tmpdir(), 'virga-eks-'))
afterAll(() => rmSync(place, { recursive: true }))

const skip = builtModels() === undefined
if (skip) console.log('SKIPPED eks: no models are built: npm run models')

const arn = 'arn:aws:eks:us-west-2:123456789012:cluster/n'
const described = {
  cluster: {
    name: 'n',
    arn,
    status: 'ACTIVE',
    endpoint: 'https://ABC.eks.amazonaws.com',
    certificateAuthority: { data: 'Q0VSVA==' },
  },
}

const run = (words: string, body: object = described, status = 200) =>
  ran({ argv: ['eks', 'update-kubeconfig', ...words.split(' ')], home: place, cwd: place, answers: [{ status, body }] })

const user = (name: string, more = '') => `- name: ${name}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - --region
      - us-west-2
      - eks
      - get-token
      - --cluster-name
      - n
      - --output
      - json
${more}      command: aws
`
const cluster = `- cluster:
    certificate-authority-data: Q0VSVA==
    server: https://ABC.eks.amazonaws.com
  name: ${arn}
`

test.skipIf(skip)('a new file, for its owner alone', async () => {
  const { exit, stdout, stderr } = await run('--name n')
  const path = join(place, '.kube', 'config')
  expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: `Added new context ${arn} to ${path}\n`, stderr: '' })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8')).toBe(`apiVersion: v1
clusters:
${cluster}contexts:
- context:
    cluster: ${arn}
    user: ${arn}
  name: ${arn}
current-context: ${arn}
kind: Config
preferences: {}
users:
${user(arn)}`)
})

test.skipIf(skip)('what others wrote stays; the entry of the same name is replaced', async () => {
  writeFileSync(
    join(place, 'mine'),
    `clusters:
- cluster:
    server: https://other
  name: other
- cluster: {server: "https://old"}
  name: ${arn}
users:
- name: u
  user: {token: 'yes', n: 12, f: 1.50}
`,
  )
  const { stdout } = await run('--name n --kubeconfig mine --alias my --user-alias me --role-arn arn:r')
  expect(stdout).toBe(`Updated context my in ${join(place, 'mine')}\n`)
  expect(readFileSync(join(place, 'mine'), 'utf8')).toBe(`clusters:
- cluster:
    server: https://other
  name: other
${cluster}users:
- name: u
  user:
    token: yes
    n: 12
    f: 1.5
${user('me', '      - --role\n      - arn:r\n')}contexts:
- context:
    cluster: ${arn}
    user: me
  name: my
current-context: my
`)
})

test.skipIf(skip).each([
  ['--name n', { cluster: { arn, status: 'CREATING' } }, 200, 255, 'Cluster status is CREATING'],
  ['--name n', {}, 200, 255, 'Cluster not found'],
  ['--name n --kubeconfig list', described, 200, 255, "Content not a <class 'dict'>."],
  [
    '--name n --kubeconfig wrong',
    described,
    200,
    255,
    "clusters is wrong type: <class 'str'> (Should be <class 'list'>)",
  ],
])('%s is refused', async (words, body, status, code, message) => {
  writeFileSync(join(place, 'list'), '- a\n')
  writeFileSync(join(place, 'wrong'), 'clusters: x\n')
  const { exit, stderr } = await run(words, body, status)
  expect({ exit, stderr }).toEqual({ exit: code, stderr: `\naws: [ERROR]: ${message}\n` })
})

const token = (env: Record<string, string>) => ran({ argv: ['eks', 'get-token', '--cluster-name', 'n'], env })

test.skipIf(skip)('a token for kubectl', async () => {
  const { stdout, stderr } = await token({})
  expect(stderr).toBe('')
  expect(stdout.endsWith('}\n\n')).toBe(true)
  expect(JSON.parse(stdout)).toEqual({
    kind: 'ExecCredential',
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    spec: {},
    status: { expirationTimestamp: '2026-01-02T03:18:05Z', token: expect.stringMatching(/^k8s-aws-v1\.[\w-]+$/) },
  })
})

test.skipIf(skip).each([
  ['{"apiVersion":"client.authentication.k8s.io/v1"}', 'v1', ''],
  [
    '{',
    'v1beta1',
    'Error parsing KUBERNETES_EXEC_INFO, defaulting to client.authentication.k8s.io/v1beta1. This is likely a bug in your Kubernetes client. Please update your Kubernetes client.\n',
  ],
  [
    '{"apiVersion":"client.authentication.k8s.io/v1alpha1"}',
    'v1alpha1',
    "Kubeconfig user entry is using deprecated API version client.authentication.k8s.io/v1alpha1. Run 'aws eks update-kubeconfig' to update.\n",
  ],
  [
    '{"apiVersion":"x"}',
    'v1beta1',
    'Unrecognized API version in KUBERNETES_EXEC_INFO, defaulting to client.authentication.k8s.io/v1beta1. This is likely due to an outdated AWS CLI. Please update your AWS CLI.\n',
  ],
])('KUBERNETES_EXEC_INFO=%s', async (info, version, warning) => {
  const { stdout, stderr } = await token({ KUBERNETES_EXEC_INFO: info })
  expect([JSON.parse(stdout).apiVersion, stderr]).toEqual([`client.authentication.k8s.io/${version}`, warning])
})
