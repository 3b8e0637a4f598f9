// `virga explain policy FILE`: whether IAM would take a policy document, what it says in words, and what in it is hardly
// meant.

import { readFileSync } from 'node:fs'
import { AwsError, Failure } from '../../../lib/errors.ts'
import { text } from '../../../lib/bytes.ts'
import { policySize } from '../../../policy/document.ts'
import { resourcePolicyProblem, validateIdentityPolicy, validateTrustPolicy } from '../../../policy/validate.ts'
import { inWords } from '../../../policy/wording.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { warnings } from './warnings.ts'

type Kind = 'identity' | 'trust' | 'resource'

export const policy = command({
  name: 'explain policy',
  help: 'Checks a policy document as IAM does, says what it means, and warns of what is hardly meant.',
  arguments: {
    file: { positional: true, noParamFile: true, help: 'A file with the document; - for standard input.' },
    type: {
      choices: ['identity', 'trust', 'resource'],
      help: 'What kind of policy it is. Without it, a document with principals is a trust policy or a resource policy.',
    },
  },
  run: async (given, context) => {
    const document = await contents(String(given['file']), context)
    const kind = (given['type'] as Kind | undefined) ?? kindOf(document)
    const problem = problemOf(document, kind)
    if (problem !== undefined) {
      context.write(`IAM refuses it as ${article(kind)} policy: ${problem}\n`)
      return 255
    }
    const lines = [
      `IAM takes it as ${article(kind)} policy; ${policySize(document)} characters count against its quota.`,
    ]
    for (const paragraph of inWords(document)) lines.push('', ...paragraph)
    const doubts = await warnings(document, await context.outside.models.actions())
    if (doubts.length > 0) lines.push('', 'Look again:', ...doubts.map((doubt) => `  ${doubt}`))
    context.write(`${lines.join('\n')}\n`)
    return 0
  },
})

async function contents(file: string, { outside }: Context): Promise<string> {
  if (file === '-') return text(await outside.stdin.read())
  try {
    return readFileSync(file.replace(/^file:\/\//, ''), 'utf8')
  } catch (error) {
    throw new Failure('ParamValidation', `${file} cannot be read: ${(error as Error).message}`)
  }
}

function article(kind: Kind): string {
  return kind === 'identity' ? 'an identity' : `a ${kind}`
}

function kindOf(document: string): Kind {
  if (!/"(Not)?Principal"\s*:/.test(document)) return 'identity'
  return /"sts:AssumeRole/i.test(document) && !/"(Not)?Resource"\s*:/.test(document) ? 'trust' : 'resource'
}

function problemOf(document: string, kind: Kind): string | undefined {
  if (kind === 'resource') return resourcePolicyProblem(document)
  try {
    if (kind === 'trust') validateTrustPolicy(document)
    else validateIdentityPolicy(document)
    return undefined
  } catch (error) {
    if (error instanceof AwsError) return error.message
    throw error
  }
}
