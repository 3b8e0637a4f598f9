// Which commands of our own are there? One line each; a command's file is loaded when it is typed.

import type { Command } from './command.ts'

/** By what is typed: `ecr get-login-password`. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  'codecommit credential-helper get': async () => (await import('./codecommit.ts')).credentialHelperGet,
  'codecommit credential-helper store': async () => (await import('./codecommit.ts')).credentialHelperStore,
  'codecommit credential-helper erase': async () => (await import('./codecommit.ts')).credentialHelperErase,
  'dsql generate-db-connect-auth-token': async () => (await import('./database-tokens.ts')).dsqlToken,
  'dsql generate-db-connect-admin-auth-token': async () => (await import('./database-tokens.ts')).dsqlAdminToken,
  'ecr get-login-password': async () => (await import('./ecr.ts')).ecrLogin,
  'ecr-public get-login-password': async () => (await import('./ecr.ts')).ecrPublicLogin,
  'eks get-token': async () => (await import('./eks/get-token.ts')).getToken,
  'eks update-kubeconfig': async () => (await import('./eks/update-kubeconfig.ts')).updateKubeconfig,
  'logs start-live-tail': async () => (await import('./logs/start-live-tail.ts')).startLiveTail,
  'logs tail': async () => (await import('./logs/tail.ts')).tail,
  'rds generate-db-auth-token': async () => (await import('./database-tokens.ts')).rdsToken,
  's3 cp': async () => (await import('./s3/cp.ts')).cp,
  's3 ls': async () => (await import('./s3/ls.ts')).ls,
  's3 mb': async () => (await import('./s3/mb.ts')).mb,
  's3 mv': async () => (await import('./s3/mv.ts')).mv,
  's3 presign': async () => (await import('./s3/presign.ts')).presign,
  's3 rb': async () => (await import('./s3/rb.ts')).rb,
  's3 rm': async () => (await import('./s3/rm.ts')).rm,
  's3 sync': async () => (await import('./s3/sync.ts')).sync,
  's3 website': async () => (await import('./s3/website.ts')).website,
}
