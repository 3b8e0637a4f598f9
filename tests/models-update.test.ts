// `virga models update`: newer models without a newer program, from a package that is what it should be.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import about from '../build/about.json'
import { Home, noProgram } from './program.ts'

setDefaultTimeout(60_000)

const noPython = Bun.which('python3') === null ? 'there is no python3 to pack models with' : undefined
const lacking = noProgram ?? noPython
if (lacking !== undefined) console.log(`SKIPPED: ${lacking}`)
const home = new Home()
afterAll(() => home.remove())

const service = {
  version: '2.0',
  metadata: {
    apiVersion: '2030-01-01',
    endpointPrefix: 'sts',
    protocol: 'query',
    serviceFullName: 'Newer',
    serviceId: 'STS',
    signatureVersion: 'v4',
    uid: 'newer-2030-01-01',
  },
  operations: {
    TellTheFuture: {
      name: 'TellTheFuture',
      http: { method: 'POST', requestUri: '/' },
      documentation: '<p>Tells it.</p>',
    },
  },
  shapes: {},
}

/** A package as npm packs it, with one service, of this day. Returns its file. */
function pack(name: string, year: number): string {
  const script = `
import io, json, sys, tarfile, zipfile
layer = io.BytesIO()
with zipfile.ZipFile(layer, 'w', zipfile.ZIP_DEFLATED) as z:
    for path, content in (('sts/2030-01-01/service-2.json', ${JSON.stringify(JSON.stringify(service))}), ('partitions.json', '{"partitions": []}')):
        i = zipfile.ZipInfo('awscli/awscli/botocore/data/' + path, (${year}, 2, 3, 4, 5, 6))
        i.compress_type = zipfile.ZIP_DEFLATED
        z.writestr(i, content)
with tarfile.open(sys.argv[1], 'w:gz') as t:
    for path, content in (('package/package.json', b'{"version": "9.9.9"}'), ('package/lib/layer.zip', layer.getvalue())):
        i = tarfile.TarInfo(path); i.size = len(content); t.addfile(i, io.BytesIO(content))`
  const file = join(home.folder, name)
  const packed = Bun.spawnSync(['python3', '-c', script, file])
  if (packed.exitCode !== 0) throw new Error(packed.stderr.toString())
  return file
}

const integrityOf = (file: string): string =>
  `sha512-${new Bun.CryptoHasher('sha512').update(readFileSync(file)).digest('base64')}`

describe.skipIf(lacking !== undefined)('models update', () => {
  const folder = join(home.folder, '.virga/models')
  const status = () => JSON.parse(home.run(['models', 'status']).stdout)
  let newer = ''
  beforeAll(() => {
    newer = pack('newer.tgz', 2099)
  })

  test('at first the models inside the program are used', () => {
    expect(status()).toEqual({ Used: 'embedded', Embedded: { From: about.from, Date: about.date } })
    expect(home.run(['--version']).stdout).toEndWith(` models/${about.date}\n`)
  })

  test.each<[string, string[], string]>([
    ['without a hash', [], '--from needs --integrity'],
    ['with a hash of another kind', ['--integrity', 'sha1-abc'], 'a hash of the form sha512-… is needed'],
    ['with another hash', ['--integrity', `sha512-${'A'.repeat(86)}==`], 'has another hash than it should'],
  ])('%s nothing is used', (_, words, told) => {
    const { exit, stderr } = home.run(['models', 'update', '--from', newer, ...words])
    expect([exit, stderr]).toEqual([expect.any(Number), expect.stringContaining(told)])
    expect(exit).not.toBe(0)
    expect(existsSync(folder)).toBe(false)
  })

  test('without npm it says how to do without', () => {
    const { exit, stderr } = home.run(['models', 'update'], { env: { PATH: '/nonexistent' } })
    expect([exit, stderr]).toEqual([253, expect.stringContaining('there is no npm here to fetch the models with')])
  })

  test('what is no such package is refused', () => {
    const other = join(home.folder, 'other.tgz')
    writeFileSync(other, Bun.gzipSync(new Uint8Array(1024)))
    const { exit, stderr } = home.run(['models', 'update', '--from', other, '--integrity', integrityOf(other)])
    expect([exit, stderr]).toEqual([255, expect.stringContaining('is not @aws-cdk/asset-awscli-v1')])
  })

  test('older ones are not used', () => {
    const older = pack('older.tgz', 2001)
    const { exit, stdout } = home.run(['models', 'update', '--from', older, '--integrity', integrityOf(older)])
    expect([exit, stdout]).toEqual([0, expect.stringContaining('are not newer')])
    expect(status().Used).toBe('embedded')
  })

  test('newer ones are: new operations, documentation, the day in --version', () => {
    const { exit, stdout } = home.run(['models', 'update', '--from', newer, '--integrity', integrityOf(newer)])
    expect([exit, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({
        From: '@aws-cdk/asset-awscli-v1 9.9.9',
        Date: '2099-02-03',
        Services: 1,
        Operations: 1,
      }),
    ])
    expect(status()).toMatchObject({ Used: expect.stringContaining('models.bin'), Fetched: { Date: '2099-02-03' } })
    expect(home.run(['--version']).stdout).toEndWith(' models/2099-02-03\n')
    expect(home.run(['sts', 'tell-the-future', 'help']).stdout).toContain('Tells it.')
  })

  test('damaged ones can be removed', () => {
    writeFileSync(join(folder, '1/models.bin'), 'no models')
    expect(home.run(['sts', 'get-caller-identity', '--profile', 'local']).stderr).toContain('models.bin')
    expect(home.run(['models', 'remove']).stdout).toBe('Removed the models of 2099-02-03.\n')
    expect(home.run(['sts', 'get-caller-identity', '--profile', 'local']).exit).toBe(0)
    expect(home.run(['models', 'remove']).stdout).toBe('There was nothing to remove.\n')
  })
})
