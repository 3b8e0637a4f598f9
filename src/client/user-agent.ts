// What does the client say it is? The form is the one all SDKs share.
//   virga/0.1.0 ua/2.1 os/linux md/arch#x86_64 lang/bun#1.4.5 cfg/retry-mode#standard
// The system's release may stand there too; asking node:os for it costs a command more than it tells anybody.

export const version = '0.1.0'

/** Characters outside HTTP's token become `-`; an application id longer than 50 is cut, as the SDK reference asks. */
export function userAgent(
  env: Readonly<Record<string, string | undefined>>,
  about: { retryMode: string; appId?: string },
): string {
  const runtime = typeof Bun !== 'undefined' ? `lang/bun#${Bun.version}` : `lang/js md/nodejs#${process.versions.node}`
  const { arch, platform } = process
  const system = { darwin: 'macos', win32: 'windows' }[platform as string] ?? platform
  const parts = [`virga/${version}`, 'ua/2.1', `os/${system}`, `md/arch#${arch === 'x64' ? 'x86_64' : arch}`, runtime]
  if (env['AWS_EXECUTION_ENV']) parts.push(`exec-env/${token(env['AWS_EXECUTION_ENV'])}`)
  parts.push(`cfg/retry-mode#${about.retryMode}`)
  if (about.appId) parts.push(`app/${token(about.appId).slice(0, 50)}`)
  return parts.join(' ')
}

function token(text: string): string {
  return text.replace(/[^A-Za-z0-9!#$%&'*+\-.^_`|~]/g, '-')
}
