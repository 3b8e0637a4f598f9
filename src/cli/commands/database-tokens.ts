// Passwords for databases that know IAM: RDS and Aurora DSQL.

import { databaseToken } from '../../client/tokens.ts'
import { command } from './command.ts'
import type { Command } from './command.ts'

export const rdsToken = command({
  name: 'rds generate-db-auth-token',
  help: 'Generates an auth token used to connect to a db with IAM credentials.',
  arguments: {
    hostname: { required: true, help: 'The hostname of the database to connect to.' },
    port: { type: 'integer', required: true, help: 'The port number the database is listening on.' },
    username: { required: true, help: 'The username to log in as.' },
  },
  run: async ({ hostname, port, username }, { settings, write }) => {
    const query = { Action: 'connect', DBUser: username as string }
    const login = { service: 'rds-db', host: hostname as string, port: Number(port), query, expires: 900 } as const
    write(`${await databaseToken(await settings(), login)}\n`)
    return 0
  },
})

const dsql = (name: string, action: string, kind: string): Command =>
  command({
    name,
    help: `Generates an ${kind} token used to connect to a DSQL database with IAM credentials.`,
    arguments: {
      hostname: { required: true, help: 'Cluster endpoint, as in test.example.com.' },
      'expires-in': { type: 'integer', default: 900, help: 'Seconds until the token expires. Default is 900.' },
    },
    run: async (given, { settings, write }) => {
      const expires = Number(given['expires-in'])
      const login = { service: 'dsql', host: given.hostname as string, query: { Action: action }, expires } as const
      write(`${await databaseToken(await settings(), login)}\n`)
      return 0
    },
  })

export const dsqlToken = dsql('dsql generate-db-connect-auth-token', 'DbConnect', 'authorization')
export const dsqlAdminToken = dsql('dsql generate-db-connect-admin-auth-token', 'DbConnectAdmin', 'Admin authorization')
