// The compiled models of this folder in the place of the package's modules, and sessions whose calls a function answers.

import { text } from '../lib/bytes.ts'
import { readBody } from '../http/message.ts'
import type { HttpRequest } from '../http/message.ts'
import { openArchive } from '../model/archive.ts'
import { fileSource } from '../model/source.ts'
import { awsOf } from './aws.ts'
import { findModules, register } from './models.ts'
import { sessionOf } from './session.ts'
import type { ClientSettings } from './types.ts'

const archive = await openArchive(fileSource('build/models.bin'), 'MO')
const packed = async (name: string): Promise<string> =>
  Buffer.from(Bun.deflateSync((await archive.read(name)) as Uint8Array<ArrayBuffer>)).toString('base64')

findModules({
  names: archive.names.filter((name) => !name.startsWith('.')),
  load: async (name) => register({ [name]: await packed(name) }),
})
for (const name of archive.names.filter((each) => each.startsWith('.'))) register({ [name]: await packed(name) })

export interface Sent {
  readonly request: HttpRequest
  readonly body: string
}

export interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array | object
}

/** Clients of nobody: `answer` says what comes back, `sent` what went. */
export function answered(answer: (sent: Sent) => Answer, given: ClientSettings = {}) {
  const sent: Sent[] = []
  const send = async (request: HttpRequest) => {
    const one = { request, body: text(await readBody(request.body)) }
    sent.push(one)
    const { status = 200, headers = {}, body = '' } = answer(one)
    const bytes =
      body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
    return { status, headers: { 'x-amzn-requestid': 'r-1', ...headers }, body: bytes }
  }
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
  const settings = { region: 'eu-west-1', endpointUrl: 'virga-local:', maxAttempts: 1, credentials, ...given }
  const surroundings = { env: {}, home: '/nowhere', doors: { 'virga-local': send } }
  // Declarations are made with the package: here a client is anything.
  return { aws: awsOf(sessionOf(settings, surroundings)) as any, sent }
}
