// What can be done with `virga local …`? One row a command, each loaded when it is called. Help, completion, the manual
// and the reader of what is typed all go by these rows.

import type { Command, Form, Option } from './command.ts'

interface Row extends Form {
  readonly load: () => Promise<Command>
}

const readyFile: Option = {
  value: 'FILE',
  about: 'is there, with the address in it, as soon as requests are answered, and goes with the server',
}

export const commands: Readonly<Record<string, Row>> = {
  start: {
    about: 'serve the account over HTTP',
    options: {
      port: { value: 'N', about: 'default 8474; 0 takes any that is free' },
      host: {
        value: 'ADDRESS',
        about: 'default 127.0.0.1. Another one opens the account to whoever can reach it and has a key',
      },
      unix: { value: 'PATH', about: 'a socket file instead' },
      tls: { about: 'with a certificate made on request; "virga local env" names its authority in AWS_CA_BUNDLE' },
      seed: { value: 'FILE', about: 'accounts, users and keys of your own' },
      store: {
        value: 'postgres://…',
        about: 'a database that several servers share. VIRGA_STORE hides its password from whoever lists the processes',
      },
      'ready-file': readyFile,
      log: { value: 'json|text', about: 'a line on stderr for each request' },
      'allow-origin': { value: 'URL,…', about: 'lets web pages of these origins in' },
      'allow-host': { value: 'NAME,…', about: 'lets clients in that call the server by these names' },
      'access-key': { value: 'K', about: "takes one more key, as the account's root, as long as it runs" },
      'secret-key': { value: 'S', about: 'what proves that key' },
      'accept-any-key': {
        about: 'takes any key that the account does not know, unproved, as root; 12 digits name the account',
      },
      account: { value: 'N', about: 'whose root these are' },
      localstack: { about: "the port, the account and the keys that LocalStack's clients expect" },
      moto: { about: "the port and the keys that clients of moto's server expect" },
    },
    load: async () => (await import('./start.ts')).start,
  },
  stop: { about: 'end the running server', load: async () => (await import('./server.ts')).stop },
  status: { about: 'say whether a server runs, and where', load: async () => (await import('./server.ts')).status },
  env: {
    about: 'print address and keys for other tools, for eval',
    options: { format: { value: 'sh|fish|powershell|dotenv|json|github', about: 'for what; default sh' } },
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
    about: 'write the whole account into one file, keys too',
    words: 'FILE',
    load: async () => (await import('./export.ts')).exportAccount,
  },
  import: {
    about: 'put the account of such a file in place of this one',
    words: 'FILE',
    load: async () => (await import('./import.ts')).importAccount,
  },
  tour: {
    about: 'a first walk through an account, in a scratch folder',
    load: async () => (await import('./tour.ts')).tour,
  },
  trail: {
    about: 'list what was asked of the account',
    options: {
      denied: { about: 'only what was refused by a policy, or for want of one' },
      principal: { value: 'ARN', about: 'only what this one asked; the end of its ARN will do' },
      service: { value: 'NAME', about: 'only what was asked of this service' },
      limit: { value: 'N', about: 'the last so many; default 50' },
      json: { about: 'a line of JSON each, with the decisions' },
    },
    load: async () => (await import('./trail.ts')).trail,
  },
  why: {
    about: 'draw the decision of a request, or of the last that was refused',
    words: '[ID]',
    options: { json: { about: 'as JSON' } },
    load: async () => (await import('./trail.ts')).why,
  },
  'policy-from-trail': {
    about: 'write the least policy for what was done',
    options: {
      principal: { value: 'ARN', about: 'by this one; the end of its ARN will do' },
      denied: { about: 'and for what was refused, too' },
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
      imdsv1: { about: 'answers without a session token, too' },
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
    load: async () => (await import('./settings.ts')).settings,
  },
  throttle: {
    about: 'whose limits of requests count',
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
      seed: { value: 'N', about: 'chooses the same ones each time' },
      times: { value: 'N', about: 'not more than so many' },
      latency: { value: '200ms', about: 'slow by so much; 100ms-2s: by something between' },
      error: { value: 'CODE', about: 'refused with this error' },
      status: { value: 'N', about: 'and this status' },
      message: { value: 'TEXT', about: 'and this text' },
      throttle: { about: 'refused as the service refuses whoever asks too often' },
      drop: { about: 'lost on the way there' },
      'drop-answer': { about: 'done, and the answer lost' },
    },
    load: async () => (await import('./faults.ts')).faults,
  },
  coverage: {
    about: 'what is built, by service',
    words: '[SERVICE]',
    options: { unmapped: { about: 'only services with operations that no IAM action is known for' } },
    load: async () => (await import('./coverage.ts')).coverage,
  },
}
