// Does completion answer as the reference's `aws_completer`, and does it work where people press Tab?
//
// completion.cases.json holds what aws_completer of 2.36.12 answered, line by line, in a folder with the files below and
// with the profiles default, pat and dev. It completes no values but regions, profiles and files, so more is allowed
// here where it says nothing.

import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { completed } from '../src/cli/complete/choices.ts'
import { choicesFor } from '../src/cli/complete/complete.ts'
import type { Outside } from '../src/cli/door.ts'
import { ownNames } from '../src/cli/own-names.ts'
import { openModels } from '../src/model/load.ts'
import { fileSource } from '../src/model/source.ts'
import recorded from './completion.cases.json'
import { program, referenceModels, scratch } from './witnesses/witnesses.ts'

const virga = join(import.meta.dir, '..', 'dist', 'virga')
const folder = scratch('completion')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const home = join(folder, 'home')
mkdirSync(join(home, '.aws'), { recursive: true })
writeFileSync(
  join(home, '.aws', 'config'),
  '[default]\nregion = us-east-1\n[profile pat]\nregion = us-west-2\n[profile dev]\n',
)
mkdirSync(join(folder, 'w', 'sub'), { recursive: true })
for (const name of ['alpha.json', 'beta.txt', '.hidden']) writeFileSync(join(folder, 'w', name), '')

/** What the reference offers and we do not, and why. */
const left: Readonly<Record<string, readonly [candidate: string, why: string]>> = {
  'aws cloudwatch g': ['get-o-tel-enrichment', 'an old name that help does not show either'],
  'aws signin ': ['create-o-auth2-token', 'an old name that help does not show either'],
  'aws s3api get-object --': ['outfile', 'no option'],
  'aws iam create-virtual-mfa-device --': ['outfile', 'it is called --outfile'],
  'aws lambda invoke --': ['outfile', 'no option'],
  'aws ec2 run-instances --user-data file://w/': ['file://w/.hidden', 'hidden until a dot is typed'],
  'aws lambda create-function --zip-file fileb://w/': ['fileb://w/.hidden', 'hidden until a dot is typed'],
}

/** What we offer beside the reference's, and commands of our own: a profile, and options its index has forgotten. */
const ours =
  /^(?:local|help|--size-only|--exact-timestamps|--delete|--outfile|--read-only|--dry-run|--events|--summarize|--plan|--yes|--time-left|--resume|--checksum|--max-delete|--allow-empty-source|--queue|--detach)$/
const models = await referenceModels()
const why = 'missing' in models ? `the reference's models are missing: ${models.missing}` : undefined
if (why) console.log(`SKIPPED aws_completer's answers: ${why}`)

describe.skipIf(why !== undefined)('as aws_completer', async () => {
  const opened = 'found' in models ? await openModels({ source: fileSource(models.found) }) : undefined
  const outside = { argv: [], env: {}, home, cwd: folder, models: opened } as unknown as Outside
  test.each(Object.entries(recorded))('%s', async (line, answer) => {
    const theirs = answer === '' ? [] : answer.split(' ')
    const mine = completed(await choicesFor(line, undefined, outside))
    const missing = theirs.filter((candidate) => !mine.includes(candidate) && left[line]?.[0] !== candidate)
    const path = line.split(' ').slice(1, -1).join(' ')
    const own = [...(await ownNames('')), ...(await ownNames(path))]
    const extra = mine.filter((each) => !theirs.includes(each) && !ours.test(each) && !own.includes(each))
    const more = theirs.length === 0 ? [] : extra
    expect({ missing, more }).toEqual({ missing: [], more: [] })
  })
})

const noBinary = existsSync(virga) ? undefined : 'there is no dist/virga: npm run build'
if (noBinary) console.log(`SKIPPED the built binary: ${noBinary}`)

describe.skipIf(noBinary !== undefined)('the built binary', () => {
  const completer = join(folder, 'aws_completer')
  if (!noBinary) symlinkSync(virga, completer)
  const run = (command: string[], env: Record<string, string>): string => {
    const done = Bun.spawnSync(command, {
      env: { HOME: home, PATH: process.env.PATH!, ...env },
      stdout: 'pipe',
      stderr: 'pipe',
    })
    return done.stdout.toString()
  }
  const line = 'aws ec2 describe-instance-typ and more'
  const answer = 'describe-instance-type-offerings\ndescribe-instance-types\n'
  test.each<[how: string, command: string[], env: Record<string, string>]>([
    ['by the reference’s name, as bash calls it', [completer, 'aws', 'x', 'y'], { COMP_LINE: line, COMP_POINT: '29' }],
    ['by itself, as bash calls it', [virga, 'virga', 'x', 'y'], { COMP_LINE: line, COMP_POINT: '29' }],
    ['without a word', [virga], { COMP_LINE: line, COMP_POINT: '29' }],
    ['as a command', [virga, 'complete'], { COMP_LINE: line, COMP_POINT: '29' }],
    ['from tcsh', [virga, 'complete'], { COMMAND_LINE: line.slice(0, 29) }],
  ])('answers %s', (_how, command, env) => expect(run(command, env)).toBe(answer))

  test('a script that completes something else can still call it', () => {
    expect(run([virga, '--version'], { COMP_LINE: 'other x', COMP_POINT: '7' })).toStartWith('aws-cli/')
  })

  for (const shell of ['bash', 'zsh', 'fish', 'tcsh']) inShell(shell, virga)
})

/** Types a line and presses Tab in a real shell, in a terminal that tmux makes. */
function inShell(shell: string, binary: string): void {
  const [tmux, itself] = [program('tmux'), program(shell)]
  const lacking = 'missing' in tmux ? tmux.missing : 'missing' in itself ? itself.missing : undefined
  if (lacking) {
    console.log(`SKIPPED completion in ${shell}: ${lacking}`)
    test.skip(`completion in ${shell}: ${lacking}`, () => {})
    return
  }
  const bin = join(folder, `bin-${shell}`)
  mkdirSync(join(bin, 'fish'), { recursive: true })
  symlinkSync(binary, join(bin, 'virga'))
  const scripts: Record<string, [file: string, text: string, command: string]> = {
    bash: ['rc', 'PS1=\'ready \'\neval "$(virga completion bash)"\n', `bash --noprofile --rcfile ${bin}/rc -i`],
    zsh: [
      '.zshrc',
      'PS1=\'ready \'\nautoload -Uz compinit; compinit -u -D\neval "$(virga completion zsh)"\n',
      'zsh -i',
    ],
    fish: ['fish/config.fish', "function fish_prompt; echo 'ready '; end\nvirga completion fish | source\n", 'fish -i'],
    tcsh: ['.tcshrc', "set prompt='ready '\ncomplete virga 'p/*/`virga complete`/'\n", 'tcsh'],
  }
  const [file, text, command] = scripts[shell]!
  writeFileSync(join(bin, file), text)
  test(`Tab completes in ${shell}`, async () => {
    const env = `HOME=${bin} ZDOTDIR=${bin} XDG_CONFIG_HOME=${bin} PATH=${bin}:$PATH TERM=xterm`
    const terminal = new Screen(`${env} ${command}`)
    try {
      await terminal.until('ready')
      terminal.type('virga ec2 describe-instances --filters Name=vpc-id,V')
      terminal.press('Tab')
      if (shell !== 'tcsh') await terminal.until('Name=vpc-id,Values=')
      terminal.press('C-u')
      terminal.type('virga sts get-call')
      terminal.press('Tab')
      await terminal.until('virga sts get-caller-identity')
    } finally {
      terminal.close()
    }
  }, 60_000)
}

/** A terminal of 100 columns in which a command runs. */
class Screen {
  readonly #socket = join(folder, `tmux-${Math.random().toString(36).slice(2)}`)

  constructor(command: string) {
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', '100', '-y', '30', command)
  }

  type(text: string): void {
    this.#tmux('send-keys', '-l', '--', text)
  }

  press(key: string): void {
    this.#tmux('send-keys', key)
  }

  /** Waits until the screen holds the text; fails with what it holds instead. */
  async until(text: string): Promise<string> {
    for (let tries = 0; tries < 200; tries++) {
      const shown = this.#tmux('capture-pane', '-p')
      if (shown.includes(text)) return shown
      await Bun.sleep(50)
    }
    throw new Error(`${JSON.stringify(text)} does not come; the screen holds:\n${this.#tmux('capture-pane', '-p')}`)
  }

  close(): void {
    this.#tmux('kill-server')
  }

  #tmux(...args: string[]): string {
    return Bun.spawnSync(['tmux', '-S', this.#socket, ...args], { stdout: 'pipe', stderr: 'pipe' }).stdout.toString()
  }
}

const noTmux = program('tmux')
const noPrompt = noBinary ?? ('missing' in noTmux ? noTmux.missing : undefined)
if (noPrompt) console.log(`SKIPPED the prompt: ${noPrompt}`)

describe.skipIf(noPrompt !== undefined)('--cli-auto-prompt, in a terminal', () => {
  const start = (words: string, config = ''): Screen => {
    const place = scratch('prompt')
    mkdirSync(join(place, '.aws'), { recursive: true })
    writeFileSync(join(place, '.aws', 'config'), `[default]\nregion = us-east-1\n${config}`)
    places.push(place)
    return new Screen(
      `env HOME=${place} AWS_EC2_METADATA_DISABLED=true AWS_PAGER= sh -c '${virga} ${words}; echo ended with $?; sleep 60'`,
    )
  }
  const places: string[] = []
  afterAll(() => places.forEach((place) => rmSync(place, { recursive: true, force: true })))

  test('asks, fills in, runs and remembers', async () => {
    const screen = start('--cli-auto-prompt sts')
    try {
      await screen.until('get-caller-identity')
      screen.type('gci')
      await screen.until('> virga sts gci')
      await Bun.sleep(200)
      screen.press('Tab')
      await screen.until('> virga sts get-caller-identity')
      screen.type('--gen')
      await screen.until('--generate-cli-skeleton')
      screen.press('Down')
      screen.press('Enter')
      await screen.until('yaml-input')
      screen.press('Escape')
      await Bun.sleep(100)
      screen.type('input')
      screen.press('Escape')
      await Bun.sleep(200)
      screen.press('Enter')
      const shown = await screen.until('ended with 0')
      expect(shown).toContain('> virga sts get-caller-identity --generate-cli-skeleton input\n{}\nended with 0')
      const history = JSON.parse(readFileSync(join(places.at(-1)!, '.aws', 'cli', 'prompt_history.json'), 'utf8'))
      expect(history).toEqual({ version: 1, commands: ['sts get-caller-identity --generate-cli-skeleton input'] })
    } finally {
      screen.close()
    }
  }, 60_000)

  test('Ctrl-C leaves with 130 and a clean screen', async () => {
    const screen = start('--cli-auto-prompt')
    try {
      await screen.until('> virga')
      screen.type('ec2 ')
      await screen.until('accept-address-transfer')
      screen.press('C-c')
      expect((await screen.until('ended with 130')).trim()).toBe('ended with 130')
    } finally {
      screen.close()
    }
  }, 60_000)

  test('cli_auto_prompt = on-partial asks only for what is missing', async () => {
    const screen = start('sts', 'cli_auto_prompt = on-partial\n')
    try {
      await screen.until('> virga sts')
      await screen.until('get-caller-identity')
      screen.press('C-c')
      await screen.until('ended with 130')
    } finally {
      screen.close()
    }
    const whole = start('sts get-caller-identity --generate-cli-skeleton', 'cli_auto_prompt = on-partial\n')
    try {
      expect((await whole.until('ended with 0')).trim()).toBe('{}\nended with 0')
    } finally {
      whole.close()
    }
  }, 60_000)

  test('without a terminal it says so', () => {
    const done = Bun.spawnSync([virga, '--cli-auto-prompt', 'sts'], { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
    expect(done.exitCode).toBe(252)
    expect(done.stderr.toString()).toContain('--cli-auto-prompt needs a terminal')
  })
})
