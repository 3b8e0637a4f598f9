// The store in PostgreSQL: what every store does, several servers on one database, crashes and lost connections.

import { afterAll, describe, expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { archiveOf, readArchive } from '../../src/local/store/archive.ts'
import { memoryStore } from '../../src/local/store/memory.ts'
import type { Store } from '../../src/local/store/store.ts'
import { postgresStore } from '../../src/local/store/postgres.ts'
import { bytesOf, storeSuite } from '../../src/local/store/suite.fixture.ts'
import { serve, type LocalServer } from '../witnesses/local-server.ts'
import { postgres, startPostgres } from '../witnesses/postgres.ts'
import { scratch } from '../witnesses/witnesses.ts'

const missing = 'missing' in postgres
if ('missing' in postgres) console.log(`SKIPPED the PostgreSQL store: ${postgres.missing}`)

const virga = join(import.meta.dir, '..', '..', 'dist', 'virga')
const database = missing ? undefined : await startPostgres()
const servers: LocalServer[] = []
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  database?.remove()
})

let databases = 0

/** The address of a database of its own. */
function fresh(): string {
  const name = `d${++databases}`
  database!.run('createdb', '-h', '127.0.0.1', '-p', String(database!.port), '-U', 'virga', '-T', 'template0', name)
  return database!.address.replace(/postgres$/, name)
}

const open = (address: string, now?: () => number): Store => postgresStore(address, {}, '/nonexistent', now)

async function started(address: string): Promise<LocalServer> {
  const server = await serve(virga, [], { VIRGA_STORE: address })
  servers.push(server)
  return server
}

interface Told {
  code: number
  out: string
  err: string
}

/** The command line, with the server's own home and keys. */
async function type(server: LocalServer, typed: string, more: Record<string, string> = {}): Promise<Told> {
  const child = Bun.spawn([virga, ...typed.split(' ')], {
    env: { ...server.env, PATH: process.env.PATH!, HOME: server.folder, AWS_MAX_ATTEMPTS: '1', ...more },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { code: await child.exited, out: out.trim(), err: err.trim() }
}

describe.skipIf(missing)('PostgreSQL', () => {
  storeSuite('PostgreSQL', test, async (now) => open(fresh(), now))

  test('several servers change the same rows: nothing is lost, everybody is served', async () => {
    const address = fresh()
    const stores = [open(address), open(address), open(address)]
    const bodies = Array.from({ length: 300 }, (_, i) =>
      stores[i % 3]!.namespace('a').transaction((rows) => {
        const next = (rows.get<number>('t', 'n') ?? 0) + 1
        rows.put('t', 'n', next)
        rows.put('list', String(rows.scan('list').length).padStart(4, '0'), next)
        return next
      }),
    )
    const given = await Promise.all(bodies)
    expect(given.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1))
    const list = await stores[0]!.namespace('a').transaction((rows) => rows.scan<number>('list'))
    expect(list.map(({ value }) => value)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1))
    await Promise.all(stores.map((store) => store.close()))
  })

  test('what one server has answered, the others know', async () => {
    const address = fresh()
    const [one, two] = [open(address), open(address)]
    const [a, b] = [one.namespace('a'), two.namespace('a')]
    for (let i = 0; i < 50; i++) {
      await a.transaction((rows) => rows.put('t', 'k', i))
      expect(await b.transaction((rows) => [rows.get<number>('t', 'k'), rows.scan('t').length])).toEqual([i, 1])
    }
    const writer = a.blobs.create()
    await writer.write(new Uint8Array(700_000).fill(7))
    await a.transaction((rows) => rows.keep(writer.commit()))
    expect((await bytesOf(b, writer.commit()))!.length).toBe(700_000)
    await Promise.all([one.close(), two.close()])
  })

  test('an account file goes into it and comes out of it the same', async () => {
    const [from, to] = [memoryStore(), open(fresh())]
    const space = from.namespace('s3')
    const writer = space.blobs.create()
    void writer.write(crypto.getRandomValues(new Uint8Array(60_000)))
    await space.transaction((rows) => {
      const id = writer.commit()
      rows.keep(id)
      for (let i = 0; i < 250; i++) rows.put('objects', `é\u{1f600}\0${i}`, { id, text: '\0\ud800' })
    })
    await from.snapshots.take('x')
    const written = async (store: Store, name: string): Promise<Buffer<ArrayBuffer>> =>
      Buffer.concat(await Array.fromAsync(archiveOf(store, name, new Date(0)), (piece) => piece.slice()))
    const file = await written(from, 'x')
    await readArchive(to, 'y', new Blob([file]).stream(), 'FILE', () => false)
    await to.snapshots.restore('y')
    await to.snapshots.take('z')
    expect(Buffer.compare(await written(to, 'z'), file)).toBe(0)
    file[file.length - 5000]! ^= 1
    const refusal = readArchive(to, 'w', new Blob([file]).stream(), 'FILE', () => false)
    expect(await refusal.catch((error: Error) => error.message)).toBe('the account file FILE is damaged')
    await to.close()
  })

  test('two programs serve one account, its bytes too, and so does the command line in process', async () => {
    const address = fresh()
    const [one, two] = [await started(address), await started(address)]
    const file = join(scratch('object'), 'object')
    writeFileSync(file, crypto.getRandomValues(new Uint8Array(65_536)).toHex().repeat(30))
    expect(await type(one, 's3api create-bucket --bucket shared')).toMatchObject({ code: 0 })
    expect(await type(one, `s3 cp --quiet ${file} s3://shared/object`)).toMatchObject({ code: 0, err: '' })
    expect(await type(two, `s3 cp --quiet s3://shared/object ${file}.again`)).toMatchObject({ code: 0, err: '' })
    expect(Bun.hash(readFileSync(`${file}.again`))).toBe(Bun.hash(readFileSync(file)))
    await type(two, 'iam create-user --user-name ana')
    const list = 'iam list-users --query Users[].UserName --output text'
    expect((await type(one, list)).out).toBe('admin\tana')
    expect((await type(one, `${list} --profile local`, { VIRGA_STORE: address })).out).toBe('admin\tana')

    expect((await type(one, 'local snapshot before', { PGPASSWORD: database!.password })).err).toBe('')
    await type(two, 'iam delete-user --user-name ana')
    expect((await type(two, 'local restore before', { PGPASSWORD: database!.password })).err).toBe('')
    expect((await type(one, list)).out).toBe('admin\tana')

    const archive = `${file}.account`
    expect((await type(one, `local export ${archive}`, { VIRGA_STORE: address })).err).toBe('')
    const elsewhere = { HOME: scratch('elsewhere'), AWS_ENDPOINT_URL: '' }
    expect((await type(one, `local import ${archive}`, elsewhere)).err).toBe('')
    expect((await type(one, `${list} --profile local`, elsewhere)).out).toBe('admin\tana')
    const stolen = readFileSync(join(one.folder, '.virga', 'local', 'server.json'), 'utf8')
    expect(stolen).toContain('"store":"postgres://virga@127.0.0.1:')
    expect(stolen).not.toContain(database!.password)
  }, 30_000)

  test('services that draw ids and look at the clock work on it', async () => {
    const server = await started(fresh())
    const table = '--table-name things'
    const made = `dynamodb create-table ${table} --billing-mode PAY_PER_REQUEST --key-schema AttributeName=id,KeyType=HASH --attribute-definitions AttributeName=id,AttributeType=S`
    const steps: [typed: string, out: string][] = [
      [`${made} --query TableDescription.TableName`, '"things"'],
      [`dynamodb put-item ${table} --item {"id":{"S":"a"}}`, ''],
      [`dynamodb get-item ${table} --key {"id":{"S":"a"}} --query Item.id.S`, '"a"'],
      ['sqs create-queue --queue-name q --query length(QueueUrl)>`5`', 'true'],
      [
        `sqs send-message --queue-url ${server.url}/123456789012/q --message-body hello --query MessageId!=null`,
        'true',
      ],
      [`sqs receive-message --queue-url ${server.url}/123456789012/q --query Messages[].Body --output text`, 'hello'],
    ]
    for (const [typed, out] of steps) expect(await type(server, typed)).toEqual({ code: 0, out, err: '' })
  })

  test('a database that goes away fails requests in one line, and serves again when it is back', async () => {
    const server = await started(fresh())
    const ask = 'iam list-users --query Users[].UserName --output text'
    expect((await type(server, ask)).out).toBe('admin')
    database!.stop('immediate')
    const refused = await type(server, ask)
    expect([refused.code, refused.err.split('\n').length]).toEqual([254, 1])
    expect(refused.err).toMatch(/\(InternalFailure\) when calling the ListUsers operation.* cannot be reached \(\w+\)$/)
    database!.start()
    // Connections that broke while nobody looked are noticed by the first who uses them.
    for (let tries = 0; tries < 10 && (await type(server, ask)).code !== 0; tries++);
    expect((await type(server, ask)).out).toBe('admin')
    expect((await type(server, 'iam create-user --user-name ana --query User.UserName')).out).toBe('"ana"')
  }, 30_000)

  test('what was acknowledged outlives a crash of the database', async () => {
    const address = fresh()
    const store = open(address)
    const space = store.namespace('a')
    const acknowledged = new Set<string>()
    let tried = 0
    const writers = Array.from({ length: 8 }, async () => {
      for (;;) {
        const key = String(++tried)
        const writer = space.blobs.create()
        await writer.write(new Uint8Array(5000))
        await space.transaction((rows) => {
          const blob = writer.commit()
          rows.keep(blob)
          rows.put('t', `${key} a`, blob)
          rows.put('t', `${key} b`, blob)
        })
        acknowledged.add(key)
        if (acknowledged.size === 100) database!.stop('immediate')
      }
    })
    await Promise.allSettled(writers)
    database!.start()
    const after = open(address)
    const rows = await after.namespace('a').transaction((all) => all.scan<string>('t'))
    const keys = rows.map(({ key }) => key)
    const firsts = keys.filter((key) => key.endsWith('a')).map((key) => key.split(' ')[0]!)
    expect([...acknowledged].filter((key) => !firsts.includes(key))).toEqual([])
    expect(keys).toHaveLength(firsts.length * 2)
    for (const { value } of rows) expect((await bytesOf(after.namespace('a'), value))!.length).toBe(5000)
    await Promise.all([store.close(), after.close()])
  }, 30_000)

  test.each([
    ['postgres://virga:geheim@127.0.0.1:1/x', 'cannot be reached (CONNECTION_REFUSED)'],
    ['postgres://virga:geheim@127.0.0.1:PORT/x', 'refuses: password authentication failed for user "virga"'],
    ['postgres://virga:geheim@127.0.0.1:PORT/x?sslmode=verify-full', 'cannot be reached (TLS_NOT_AVAILABLE)'],
    ['mysql://virga:geheim@127.0.0.1/x', 'it must look like postgres://USER@HOST:5432/DATABASE'],
    ['postgres://virga:geheim@127.0.0.1/x?sslmode=maybe', 'sslmode must be one of'],
  ])('%s is refused in one line without the password', async (address, told) => {
    const env = {
      PATH: process.env.PATH!,
      HOME: scratch('refused'),
      VIRGA_STORE: address.replace('PORT', String(database!.port)),
    }
    const { exitCode, stderr } = Bun.spawnSync([virga, 'local', 'start', '--port', '0'], { env })
    const lines = stderr.toString().trim()
    expect(exitCode).not.toBe(0)
    expect(lines).toContain(told)
    expect(lines.split('\n')).toHaveLength(1)
    expect(lines).not.toContain('geheim')
  })

  test('the password may be in a file that nobody else may read', async () => {
    const folder = scratch('passfile')
    const line = `127.0.0.1:${database!.port}:*:virga:${database!.password}\n`
    writeFileSync(join(folder, '.pgpass'), line, { mode: 0o600 })
    const address = new URL(fresh())
    address.password = ''
    const env = { PATH: process.env.PATH!, HOME: folder, VIRGA_STORE: address.href }
    const { stdout, stderr } = Bun.spawnSync([virga, ...'sts get-caller-identity --profile local'.split(' ')], { env })
    expect([stderr.toString(), stdout.toString()]).toEqual(['', expect.stringContaining(':user/admin')])
  })
})
