// What can be done with `virga local …`? One row a command, each loaded when it is called. Help, completion, the manual
// and the reader of what is typed all go by these rows.

import { choices, valuesOf } from './choices.ts'
import type { Command, Form, Option } from './command.ts'

interface Row extends Form {
  readonly load: () => Promise<Command>
}

const readyFile: Option = {
  value: 'FILE',
  about: 'a file that appears, with the address in it, as soon as requests are answered, and goes with the server',
}

export const commands: Readonly<Record<string, Row>> = {
  start: {
    about: 'serve the account over HTTP',
    options: {
      port: { value: 'N', about: 'default 8474; 0 takes any free port' },
      host: {
        value: 'ADDRESS',
        about: 'default 127.0.0.1. Any other lets in whoever can reach it and has a key',
      },
      unix: { value: 'PATH', about: 'listen on a socket file instead' },
      tls: {
        about: 'serve TLS, with a certificate of its own; "virga local env" names its authority in AWS_CA_BUNDLE',
      },
      seed: { value: 'FILE', about: 'accounts, users and keys of your own' },
      store: {
        value: 'postgres://…',
        about: 'a database that several servers share. VIRGA_STORE hides its password from whoever lists the processes',
      },
      'ready-file': readyFile,
      log: { value: 'json|text', about: 'write a line on stderr for each request' },
      'allow-origin': { value: 'URL,…', about: 'let web pages of these origins in' },
      'allow-host': { value: 'NAME,…', about: 'let clients in that call the server by these names' },
      'access-key': { value: 'K', about: "accept one more key, as the account's root, while the server runs" },
      'secret-key': { value: 'S', about: 'the secret of that key' },
      'accept-any-key': {
        about: 'accept any unknown key as root, its signature unchecked; a key of 12 digits names the account',
      },
      account: { value: 'N', about: 'the account whose root these keys are' },
      localstack: { about: "use the port, the account and the keys that LocalStack's clients expect" },
      moto: { about: "use the port and the keys that clients of moto's server expect" },
    },
    load: async () => (await import('./start.ts')).start,
  },
  stop: { about: 'end the running server', load: async () => (await import('./server.ts')).stop },
  status: { about: 'say whether a server runs, and where', load: async () => (await import('./server.ts')).status },
  env: {
    about: 'print address and keys for other tools, for eval',
    options: { format: { value: 'sh|fish|powershell|dotenv|json|github', about: 'who reads it; default sh' } },
    load: async () => (await import('./server.ts')).env,
  },
  reset: {
    about: 'forget everything but the accounts and their keys',
    load: async () => (await import('./reset.ts')).reset,
  },
  snapshot: {
    about: 'keep the account as it is now, under a name',
    words: 'NAME',
    load: async () => (await import('./snapshot.ts')).snapshot,
  },
  snapshots: {
    about: 'list what is kept, or delete one',
    words: '[list|delete NAME]',
    load: async () => (await import('./snapshot.ts')).snapshots,
  },
  restore: {
    about: 'bring the account back as it was',
    words: 'NAME',
    load: async () => (await import('./snapshot.ts')).restore,
  },
  export: {
    about: 'write the whole account into one file, keys included',
    words: 'FILE',
    load: async () => (await import('./export.ts')).exportAccount,
  },
  import: {
    about: 'replace this account with the one in such a file',
    words: 'FILE',
    load: async () => (await import('./import.ts')).importAccount,
  },
  tour: {
    about: 'walk through an account for the first time, in a scratch folder',
    load: async () => (await import('./tour.ts')).tour,
  },
  trail: {
    about: 'list what was asked of the account',
    options: {
      denied: { about: 'only what was refused by a policy, or for want of one' },
      principal: { value: 'ARN', about: 'only what this principal asked; the end of its ARN is enough' },
      service: { value: 'NAME', about: 'only what was asked of this service' },
      limit: { value: 'N', about: 'how many of the newest; default 50' },
      json: { about: 'print a line of JSON each, with the decisions' },
    },
    load: async () => (await import('./trail.ts')).trail,
  },
  why: {
    about: 'draw the decision of a request, or of the last that was refused',
    words: '[ID]',
    options: { json: { about: 'print JSON' } },
    load: async () => (await import('./trail.ts')).why,
  },
  'policy-from-trail': {
    about: 'write the least policy for what was done',
    options: {
      principal: { value: 'ARN', about: 'only what this principal did; the end of its ARN is enough' },
      denied: { about: 'allow what was refused, too' },
    },
    load: async () => (await import('./trail.ts')).policyFromTrail,
  },
  issuer: {
    about: 'make a web identity token to assume roles with, or print the keys that prove it',
    words: 'token|jwks',
    options: {
      subject: { value: 'S', about: 'whom it speaks for' },
      issuer: { value: 'URL', about: 'in whose name; default https://issuer.virga.example' },
      audience: { value: 'A', about: 'for whom; default sts.amazonaws.com' },
      lifetime: { value: 'SECONDS', about: 'default 3600' },
      claims: { value: 'JSON', about: 'more claims' },
      algorithm: { value: 'RS256|ES384', about: 'default RS256' },
    },
    load: async () => (await import('./issuer.ts')).issuer,
  },
  metadata: {
    about: 'serve the metadata of an instance, or the credentials of a container',
    words: 'start',
    options: {
      instance: { value: 'ID', about: 'of this instance of the local EC2' },
      role: { value: 'NAME', about: 'of one that nobody launched, with this role' },
      container: { value: 'ecs|eks', about: "that role's credentials, as containers get them" },
      port: { value: 'N', about: 'default 1338' },
      host: { value: 'ADDRESS', about: 'default 127.0.0.1' },
      hops: { value: 'N', about: 'how far away the client is, in hops; default 1' },
      imdsv1: { about: 'answer without a session token, too' },
      'http-endpoint': { value: 'enabled|disabled', about: 'default enabled' },
      'user-data': { value: 'FILE', about: 'what the instance was launched with' },
      account: { value: 'N', about: 'whose role that is' },
      region: { value: 'NAME', about: 'where the instance is' },
      'ready-file': readyFile,
    },
    load: async () => (await import('./metadata.ts')).metadata,
  },
  clock: {
    about: "show the account's clock, or move it",
    words: '[advance 90m|set TIME|real]',
    load: async () => (await import('./clock.ts')).clock,
  },
  quotas: {
    about: 'list requests for higher quotas, or answer one',
    words: '[approve ID|deny ID]',
    load: async () => (await import('./quotas.ts')).quotas,
  },
  settings: {
    about: 'show or change how the account behaves',
    words: '[NAME [VALUE]]',
    more: Object.fromEntries(
      Object.entries(choices).map(([name, choice]) => [`${name} ${valuesOf(choice)}`, choice.about]),
    ),
    load: async () => (await import('./settings.ts')).settings,
  },
  throttle: {
    about: 'choose whose limits of request rates count',
    words: 'aws|off|FILE',
    load: async () => (await import('./settings.ts')).throttle,
  },
  faults: {
    about: 'make some requests slow, refused, throttled or lost',
    words: '[add|list|clear [ID]]',
    options: {
      service: { value: 'S', about: 'only requests to this service' },
      operation: { value: 'A,B', about: 'only to these operations' },
      rate: { value: '10%', about: 'how many of them; default all' },
      seed: { value: 'N', about: 'choose the same ones each time' },
      times: { value: 'N', about: 'at most so many' },
      latency: { value: '200ms', about: 'delay them by so much; 100ms-2s: by something between' },
      error: { value: 'CODE', about: 'refuse them with this error' },
      status: { value: 'N', about: '… and this HTTP status' },
      message: { value: 'TEXT', about: '… and this text' },
      throttle: { about: 'refuse them as the service refuses whoever asks too often' },
      drop: { about: 'hang up before anything is done' },
      'drop-answer': { about: 'hang up once it is done, so that the answer is lost' },
    },
    load: async () => (await import('./faults.ts')).faults,
  },
  coverage: {
    about: 'list what is built, by service',
    words: '[SERVICE]',
    options: { unmapped: { about: 'only services with operations that no IAM action is known for' } },
    load: async () => (await import('./coverage.ts')).coverage,
  },
}
