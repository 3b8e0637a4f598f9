// `virga/local`: the local AWS inside a program's own process, for its tests. Everything is kept in memory and goes when
// the account is disposed of; requests are signed and checked as everywhere, but go through no socket.
//
//   await using account = await localAws()
//   const s3 = account.aws.s3()

import { devNull } from 'node:os'
import { AwsError } from './lib/errors.ts'
import { homeOf } from './lib/home.ts'
import { readBody } from './http/message.ts'
import type { HttpRequest, HttpResponse, Send } from './http/message.ts'
import { interrupted } from './http/unreached.ts'
import { awsOf } from './library/aws.ts'
import { theModels } from './library/models.ts'
import { sessionOf } from './library/session.ts'
import type { Aws, ClientSettings, Credentials } from './library/types.ts'
import { newId, newSecret } from './local/accounts/ids.ts'
import type { World } from './local/world.ts'

export interface LocalSettings {
  /** Default `us-east-1`. */
  region?: string
  /** Twelve digits; default 123456789012. */
  accountId?: string
  /** What becomes of faults of the local AWS itself; default: they are thrown to the caller. */
  trouble?: (error: unknown) => void
}

/** A server for clients of other makes and languages. */
export interface LocalServer extends AsyncDisposable {
  /** `http://127.0.0.1:41234` */
  readonly url: string
  /** What makes other programs use it: AWS_ENDPOINT_URL, keys and region. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

export interface LocalAccount extends AsyncDisposable {
  readonly accountId: string
  readonly region: string
  /** Of a user with AdministratorAccess. */
  readonly credentials: Credentials
  readonly root: Credentials
  /** Clients of this account, the administrator's. */
  readonly aws: Aws
  /** The same account for somebody else: another user's keys, another region. */
  as(settings: ClientSettings): Aws
  /** Moves the account's clock on, by which sessions and codes end. Milliseconds. */
  advance(milliseconds: number): void
  /** Forgets everything that was done. */
  reset(): Promise<void>
  /** Opens a port, by default one that is free. */
  listen(at?: { port?: number; host?: string }): Promise<LocalServer>
  close(): Promise<void>
}

/** Nothing of the machine's own configuration is seen: a test finds the same everywhere. */
const nowhere = { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull, AWS_EC2_METADATA_DISABLED: 'true' }

/** An account with nothing in it but an administrator. */
export async function localAws(settings: LocalSettings = {}): Promise<LocalAccount> {
  const { region = 'us-east-1', accountId = '123456789012', trouble = thrown } = settings
  const [{ memoryStore }, { makeWorld, settle }, { reset }, { services }, { serve }, { settled }, { flushTrail }] =
    await Promise.all([
      import('./local/store/memory.ts'),
      import('./local/world.ts'),
      import('./local/reset.ts'),
      import('./local/services/table.ts'),
      import('./local/serve.ts'),
      import('./local/launched.ts'),
      import('./local/trail/keep.ts'),
    ])
  const keys = (): Credentials => ({ accessKeyId: newId('AKIA', accountId), secretAccessKey: newSecret(), accountId })
  const [credentials, root] = [keys(), keys()]
  const administrator = { name: 'admin', ...credentials, policies: ['arn:aws:iam::aws:policy/AdministratorAccess'] }
  let ahead = 0
  const models = theModels(process.env, homeOf(process.env))
  const world: World = makeWorld(
    memoryStore(),
    models,
    { region, accounts: [{ id: accountId, root, users: [administrator] }] },
    { services, clock: () => new Date(Date.now() + ahead), trouble },
  )
  await settle(world)

  const servers = new Set<LocalServer>()
  const env = (url: string): LocalServer['env'] => ({
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
  })
  const answered = (request: HttpRequest): Promise<HttpResponse> => serve(request, world)
  const door: Send = async (request, options) => {
    if (options?.signal?.aborted) throw interrupted(options.signal.reason)
    const response = await answered(request)
    await settled(world)
    return options?.stream ? response : { ...response, body: await readBody(response.body) }
  }
  const as = (given: ClientSettings): Aws =>
    awsOf(
      sessionOf(
        { region, endpointUrl: 'virga-local:', maxAttempts: 1, ...given },
        { env: nowhere, home: '/', doors: { 'virga-local': door } },
      ),
    )

  async function close(): Promise<void> {
    await Promise.all([...servers].map((server) => server.close()))
    await flushTrail(world)
    await world.store.close()
  }

  async function open({ port = 0, host = '127.0.0.1' }: { port?: number; host?: string } = {}): Promise<LocalServer> {
    const { listen } = await import('./http/listen.ts')
    const listening = await listen(answered, { port, host, onError: () => {} })
    const shut = async (): Promise<void> => {
      servers.delete(server)
      await listening.close()
    }
    const server: LocalServer = {
      url: listening.url,
      env: env(listening.url),
      close: shut,
      [Symbol.asyncDispose]: shut,
    }
    servers.add(server)
    return server
  }

  return {
    accountId,
    region,
    credentials,
    root,
    aws: as({ credentials }),
    as,
    advance: (milliseconds) => void (ahead += milliseconds),
    reset: async () => reset(world),
    listen: open,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Services' own errors never get here: these are ours. */
function thrown(error: unknown): never {
  throw error instanceof AwsError ? error : new Error('The local AWS failed', { cause: error })
}
