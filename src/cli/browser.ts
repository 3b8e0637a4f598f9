// Sending a person to a page: what is said on stdout, and the browser that opens it.

import type { Page } from '../client/credentials/sso-login.ts'
import type { Outside } from './door.ts'

/** Says where to go, and opens the page where that is wanted. A browser that cannot be started is no error. */
export function showPage({ outside, open }: { outside: Outside; open: boolean }): (page: Page) => void {
  return (page) => {
    outside.stdout.write(open ? opening(page) : printing(page))
    if (open) openBrowser(page.completeUrl, outside.env)
  }
}

function opening({ url, userCode, elsewhere }: Page): string {
  if (elsewhere !== undefined) {
    return (
      'Attempting to open your default browser. If the browser does not open, open the following URL.\n' +
      `If you are unable to open the URL on this device, run this command again with the '${elsewhere}' option.\n\n${url}\n\n`
    )
  }
  const code = userCode === undefined ? '' : `\nThen enter the code:\n\n${userCode}\n`
  return (
    'Attempting to open your default browser.\nIf the browser does not open or you wish to use a different device to ' +
    `authorize this request, open the following URL:\n\n${url}\n${code}`
  )
}

function printing({ url, completeUrl, userCode }: Page): string {
  const code =
    userCode === undefined
      ? ''
      : `\nThen enter the code:\n\n${userCode}\n\nAlternatively, you may visit the following URL which will autofill the ` +
        `code upon loading:\n${completeUrl}\n`
  return `Browser will not be automatically opened.\nPlease visit the following URL:\n\n${url}\n${code}`
}

/** $BROWSER as Python's webbrowser reads it: programs, one of which may say `%s` where the URL goes. */
export function openBrowser(url: string, env: Outside['env']): void {
  const chosen = env['BROWSER']?.split(process.platform === 'win32' ? ';' : ':')[0]
  const words = chosen ? chosen.split(/\s+/).filter((word) => word !== '&') : systemBrowser()
  const command = words.some((word) => word.includes('%s'))
    ? words.map((word) => word.replace('%s', url))
    : [...words, url]
  try {
    const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', env: env as never })
    child.unref()
  } catch {
    // The page has been told: somebody can open it by hand.
  }
}

function systemBrowser(): string[] {
  if (process.platform === 'darwin') return ['open']
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return ['xdg-open']
}
