// What can be done with `virga local …`? One row a command, each loaded when it is called.

import { Failure } from '../../lib/errors.ts'
import type { Models } from '../../model/model.ts'
import type { StorePlace } from '../store/open.ts'

/** The machine, as main hands it in. */
export interface Outside {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly models: Models
  readonly stdout: { write(text: string): boolean }
  readonly stderr: { write(text: string): void }
}

/** Where the account is kept. */
export interface Place extends StorePlace {
  /** The accounts and keys made on first use, readable by the owner alone. */
  readonly seedFile: string
}

export type Command = (args: readonly string[], place: Place, outside: Outside) => Promise<number>

interface Row {
  readonly about: string
  readonly load: () => Promise<Command>
}

const commands: Readonly<Record<string, Row>> = {
  start: {
    about:
      'serve the account over HTTP: [--port N] [--host ADDRESS] [--unix PATH] [--tls] [--seed FILE] [--store postgres://…] [--ready-file FILE] [--log json|text] [--allow-origin URL] [--allow-host NAME] [--access-key K --secret-key S] [--accept-any-key] [--account N] [--localstack|--moto]',
    load: async () => (await import('./start.ts')).start,
  },
  stop: { about: 'end the running server', load: async () => (await import('./server.ts')).stop },
  status: { about: 'say whether a server runs, and where', load: async () => (await import('./server.ts')).status },
  env: {
    about: 'print address and keys for other tools, for eval: [--format sh|fish|powershell|dotenv|json|github]',
    load: async () => (await import('./server.ts')).env,
  },
  reset: {
    about: 'forget everything but the accounts and their keys',
    load: async () => (await import('./reset.ts')).reset,
  },
  snapshot: {
    about: 'keep the account as it is now, under a name: NAME',
    load: async () => (await import('./snapshot.ts')).snapshot,
  },
  snapshots: {
    about: 'list what is kept, or delete one: [list|delete NAME]',
    load: async () => (await import('./snapshot.ts')).snapshots,
  },
  restore: {
    about: 'bring the account back as it was: NAME',
    load: async () => (await import('./snapshot.ts')).restore,
  },
  export: {
    about: 'write the whole account into one file, keys too: FILE',
    load: async () => (await import('./export.ts')).exportAccount,
  },
  import: {
    about: 'put the account of such a file in place of this one: FILE',
    load: async () => (await import('./import.ts')).importAccount,
  },
  tour: {
    about: 'a first walk through an account, in a scratch folder',
    load: async () => (await import('./tour.ts')).tour,
  },
  trail: {
    about: 'list what was asked of the account: [--denied] [--principal ARN] [--service NAME] [--limit N] [--json]',
    load: async () => (await import('./trail.ts')).trail,
  },
  why: {
    about: 'draw the decision of a request, or of the last that was refused: [ID] [--json]',
    load: async () => (await import('./trail.ts')).why,
  },
  'policy-from-trail': {
    about: 'write the least policy for what was done: [--principal ARN] [--denied]',
    load: async () => (await import('./trail.ts')).policyFromTrail,
  },
  issuer: {
    about:
      'make a web identity token to assume roles with: token --subject S [--issuer URL] [--audience A] [--lifetime SECONDS] [--claims JSON]; or print the keys: jwks',
    load: async () => (await import('./issuer.ts')).issuer,
  },
  metadata: {
    about:
      'serve the metadata of an instance of the local EC2: start --instance ID [--hops N] [--port N]; or credentials of a role, as instances or containers get them: start --role NAME [--imdsv1] [--container ecs|eks]',
    load: async () => (await import('./metadata.ts')).metadata,
  },
  clock: {
    about: "show the account's clock, or move it: [advance 90m|set TIME|real]",
    load: async () => (await import('./clock.ts')).clock,
  },
  quotas: {
    about: 'list requests for higher quotas, or answer one: [approve ID|deny ID]',
    load: async () => (await import('./quotas.ts')).quotas,
  },
  settings: {
    about: 'show or change how the account behaves: [NAME [VALUE]]',
    load: async () => (await import('./settings.ts')).settings,
  },
  throttle: {
    about: 'whose limits of requests count: aws|off|FILE',
    load: async () => (await import('./settings.ts')).throttle,
  },
  faults: {
    about:
      'make some requests slow, refused, throttled or lost: add [--service S] [--operation A,B] [--rate 10%] [--seed N] [--times N] (--latency 100ms-2s|--error CODE|--throttle|--drop|--drop-answer), list, clear [ID]',
    load: async () => (await import('./faults.ts')).faults,
  },
  coverage: {
    about: 'what is built, by service: [SERVICE] [--unmapped]',
    load: async () => (await import('./coverage.ts')).coverage,
  },
}

/** Throws Failure('ParamValidation') for what cannot be understood. */
export async function runCommand(args: readonly string[], place: Place, outside: Outside): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || name === '--help') {
    outside.stdout.write(usage())
    return 0
  }
  const row = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!row)
    throw new Failure(
      'ParamValidation',
      `virga local has no command "${name}" (it has ${Object.keys(commands).join(', ')})`,
    )
  return (await row.load())(rest, place, outside)
}

function usage(): string {
  const lines = Object.entries(commands).map(([name, { about }]) => `  virga local ${name.padEnd(19)}${about}`)
  return `The local AWS: an account in a folder, for --profile local and for servers.\n\n${lines.join('\n')}\n`
}

/** Options with values, options without, and the other words. Throws Failure('ParamValidation'). */
export function flags(args: readonly string[], valued: readonly string[], plain: readonly string[]) {
  const isPlain = (word: string): boolean => word.startsWith('--') && plain.includes(word.slice(2))
  const rest: string[] = []
  const withValues: string[] = []
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!
    if (isPlain(word)) continue
    if (!word.startsWith('--')) rest.push(word)
    else if (word.includes('=')) withValues.push(word)
    else withValues.push(word, ...args.slice(++i, i + 1))
  }
  if (withValues.length > 0 && valued.length === 0)
    throw new Failure(
      'ParamValidation',
      `unknown option ${withValues[0]} (known: ${plain.map((each) => `--${each}`).join(', ') || 'none'})`,
    )
  return {
    given: options(withValues, valued, plain),
    on: new Set(args.filter(isPlain).map((word) => word.slice(2))),
    rest,
  }
}

/** `--port 8474 --seed FILE` → {port: '8474', seed: 'FILE'}. Throws Failure('ParamValidation'). */
export function options(
  args: readonly string[],
  known: readonly string[],
  plain: readonly string[] = [],
): Partial<Record<string, string>> {
  const given: Partial<Record<string, string>> = {}
  for (let i = 0; i < args.length; i++) {
    const [word, attached] = args[i]!.split(/=(.*)/s) as [string, string | undefined]
    const name = word.replace(/^--/, '')
    if (!word.startsWith('--') || !known.includes(name))
      throw new Failure(
        'ParamValidation',
        `unknown option ${word} (known: ${[...known, ...plain].map((each) => `--${each}`).join(', ') || 'none'})`,
      )
    const value = attached ?? args[++i]
    if (value === undefined) throw new Failure('ParamValidation', `${word} needs a value`)
    given[name] = value
  }
  return given
}
