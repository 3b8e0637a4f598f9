// A repository of CodeArtifact for npm, pip, twine, nuget, dotnet or swift: each tool is told where it is, and the token.
// https://docs.aws.amazon.com/codeartifact/latest/ug/tokens-authentication.html

import { Failure } from '../../../lib/errors.ts'
import { isoformat } from '../../../lib/time.ts'
import type { Timestamp } from '../../../lib/time.ts'
import { needed } from '../../clients.ts'
import { command } from '../command.ts'
import type { GivenWords } from '../command.ts'
import { expiresIn } from './expires-in.ts'
import { loginNuget } from './nuget.ts'
import { loginSwift } from './swift.ts'
import { runAll } from './tool.ts'
import type { Login } from './tool.ts'
import { loginTwine } from './twine.ts'

interface Tool {
  readonly format: string
  readonly namespaces?: boolean
  readonly login: (login: Login) => Promise<void>
}

const tools: Readonly<Record<string, Tool>> = {
  swift: { format: 'swift', namespaces: true, login: loginSwift },
  nuget: { format: 'nuget', login: (login) => loginNuget(login, 'nuget') },
  dotnet: { format: 'nuget', login: (login) => loginNuget(login, 'dotnet') },
  npm: { format: 'npm', namespaces: true, login: loginNpm },
  pip: { format: 'pypi', login: loginPip },
  twine: { format: 'pypi', login: loginTwine },
}

export const login = command({
  name: 'codeartifact login',
  help:
    'Sets up the idiomatic tool for your package format to use your CodeArtifact repository. Your login information is ' +
    'valid for up to 12 hours after which you must login again.',
  arguments: {
    tool: { choices: Object.keys(tools), required: true, help: 'The tool you want to connect with your repository' },
    domain: { required: true, help: 'Your CodeArtifact domain name' },
    'domain-owner': { help: 'The AWS account ID that owns your CodeArtifact domain' },
    namespace: { help: 'Associates a namespace with your repository tool' },
    'duration-seconds': { type: 'integer', help: 'The time, in seconds, that the login information is valid' },
    repository: { required: true, help: 'Your CodeArtifact repository name' },
    'endpoint-type': { help: 'The type of endpoint you want the tool to interact with' },
    'dry-run': {
      flag: true,
      default: false,
      help: 'Only print the commands that would be executed. This prints the unredacted auth token.',
    },
  },
  run: async (given, context) => {
    const name = given.tool as string
    const tool = tools[name]!
    const owner = given['domain-owner'] ? { domainOwner: given['domain-owner'] } : {}
    const { authorizationToken, expiration } = await context.call('codeartifact', 'GetAuthorizationToken', {
      domain: given.domain,
      ...owner,
      ...(given['duration-seconds'] ? { durationSeconds: given['duration-seconds'] } : {}),
    })
    const repository = await context.call('codeartifact', 'GetRepositoryEndpoint', {
      domain: given.domain,
      repository: given.repository,
      format: tool.format,
      ...(given['endpoint-type'] ? { endpointType: given['endpoint-type'] } : {}),
      ...owner,
    })
    const endpoint = needed<string>(repository, 'repositoryEndpoint')
    await tool.login({
      token: authorizationToken as string,
      endpoint,
      domain: given.domain as string,
      repository: given.repository as string,
      namespace: namespaceOf(name, tool, given),
      dryRun: given['dry-run'] === true,
      outside: context.outside,
      write: context.write,
      succeeded: (configured) => {
        const at = isoformat(expiration as Timestamp).replace('T', ' ')
        const left = expiresIn(new Date(isoformat(expiration as Timestamp)), context.outside.clock())
        context.write(
          `Successfully configured ${configured} to use AWS CodeArtifact repository ${endpoint} \n` +
            `Login expires in ${left} at ${at}\n`,
        )
      },
    })
    return 0
  },
})

function namespaceOf(name: string, tool: Tool, given: GivenWords): string | undefined {
  if (given.namespace && !tool.namespaces) {
    throw new Failure('InvalidValue', `Argument --namespace is not supported for ${name}`)
  }
  return given.namespace as string | undefined
}

async function loginNpm(login: Login): Promise<void> {
  const { endpoint, token, namespace } = login
  const scope = namespace === undefined ? undefined : namespace.startsWith('@') ? namespace : `@${namespace}`
  if (scope !== undefined && !/^(@[a-z0-9-~][a-z0-9-._~]*)/.test(scope)) {
    throw new Failure(
      'InvalidValue',
      'Invalid scope name, scope must contain URL-safe characters, no leading dots or underscores',
    )
  }
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const place = endpoint.replace(/^[a-z]+:/, '').replace(/[?#].*$/, '')
  await runAll(login, 'npm', [
    { words: [npm, 'config', 'set', scope ? `${scope}:registry` : 'registry', endpoint] },
    // Newer versions of npm do not know it.
    { words: [npm, 'config', 'set', `${place}:always-auth`, 'true'], mayFail: true },
    { words: [npm, 'config', 'set', `${place}:_authToken`, token] },
  ])
}

async function loginPip(login: Login): Promise<void> {
  const [, scheme, rest] = /^([a-z]+):\/\/([^?#]*)/.exec(login.endpoint) ?? []
  const url = `${scheme}://aws:${login.token}@${rest}simple/`
  await runAll(login, 'pip', [{ words: ['pip', 'config', 'set', 'global.index-url', url] }])
}
