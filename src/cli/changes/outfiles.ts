// IAM and IoT: secrets of an answer are written to files that only their owner can read.

import { map } from '../../lib/iterate.ts'
import type { Structure, Value } from '../../lib/value.ts'
import { expandPath } from '../input/param-file.ts'
import { refused } from './change.ts'
import type { CommandChange, Given, ServiceChanges, Surrounding } from './change.ts'

/** Throws before the call where the file could not be written after it. */
async function checkWritable(path: string, env: Surrounding['env']): Promise<void> {
  const [{ accessSync, constants }, { dirname, resolve }] = await Promise.all([import('node:fs'), import('node:path')])
  const expanded = expandPath(path, env)
  try {
    accessSync(dirname(resolve(expanded)), constants.W_OK)
  } catch {
    throw refused(`Unable to write to file: ${expanded}`)
  }
}

async function writeSecret(path: string, data: string | Uint8Array): Promise<void> {
  const { chmodSync, writeFileSync } = await import('node:fs')
  writeFileSync(path, data, { mode: 0o600 })
  chmodSync(path, 0o600)
}

const METHODS = ['QRCodePNG', 'Base32StringSeed'] as const

const createVirtualMfaDevice: CommandChange = {
  add: {
    outfile: { required: true, help: 'The file the bootstrap information is written to.' },
    'bootstrap-method': { required: true, choices: METHODS, help: 'How to seed the virtual MFA device.' },
  },
  input: (_input, given, { env }) => checkWritable(given.outfile as string, env),
  output: async (output, given, { env }) => {
    const { [METHODS[0]]: png, [METHODS[1]]: seed, ...device } = (output.VirtualMFADevice ?? {}) as Structure
    const body = given['bootstrap-method'] === METHODS[0] ? png : seed
    if (body === undefined) return output
    await writeSecret(expandPath(given.outfile as string, env), Buffer.from(body as string, 'base64'))
    return { ...output, VirtualMFADevice: device }
  },
}

/** Arguments, each of which takes a part of the output to a file: name → path of members. */
function savesTo(files: Readonly<Record<string, readonly string[]>>): CommandChange {
  const names = Object.keys(files)
  return {
    add: Object.fromEntries(map(names, (name) => [name, { help: `The file to write ${files[name]!.join('.')} to.` }])),
    input: async (_input, given, { env }) => {
      for (const name of names) if (given[name] !== undefined) await checkWritable(given[name] as string, env)
    },
    output: async (output: Structure, given: Given, { env }: Surrounding) => {
      for (const [name, path] of Object.entries(files)) {
        if (given[name] === undefined) continue
        const part = path.reduce<Value | undefined>((value, key) => (value as Structure | undefined)?.[key], output)
        await writeSecret(expandPath(given[name] as string, env), (part as string | undefined) ?? '')
      }
      return output
    },
  }
}

export const iam: ServiceChanges = { commands: { 'create-virtual-mfa-device': createVirtualMfaDevice } }

export const iot: ServiceChanges = {
  commands: {
    'create-certificate-from-csr': savesTo({ 'certificate-pem-outfile': ['certificatePem'] }),
    'create-keys-and-certificate': savesTo({
      'certificate-pem-outfile': ['certificatePem'],
      'public-key-outfile': ['keyPair', 'PublicKey'],
      'private-key-outfile': ['keyPair', 'PrivateKey'],
    }),
  },
}
