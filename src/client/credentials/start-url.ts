// Which page of Identity Center does a start URL of one's own domain lead to, and in which region is that?
//   https://login.example.com → https://ssoins-1234.portal.eu-west-1.app.aws

import { Failure } from '../../lib/errors.ts'
import { emptyBody } from '../../http/message.ts'
import type { HttpResponse } from '../../http/message.ts'
import type { Settings } from '../settings.ts'

const ownDomains = ['app.aws', 'portal.amazonaws.com', 'portal.amazonaws.com.cn', 'awsapps.com', 'awsapps.cn']
const ownHosts = ['identitycenter.amazonaws.com', 'identitycenter.amazonaws.com.cn']
const regionalHosts = [
  /^[^.]+\.portal\.([a-z0-9-]+)\.app\.aws$/,
  /^[^.]+\.([a-z0-9-]+)\.portal\.amazonaws\.com(?:\.cn)?$/,
]
const timeoutMilliseconds = 10_000

export interface StartUrl {
  readonly url: string
  readonly region: string
}

export function isOfAws(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  return ownHosts.includes(name) || ownDomains.some((domain) => name === domain || name.endsWith(`.${domain}`))
}

/** Throws Failure('Configuration'). */
export async function resolvedStartUrl(
  startUrl: string,
  region: string | undefined,
  settings: Settings,
): Promise<StartUrl> {
  if (!/^https:/i.test(startUrl)) throw refused('The sso_start_url must use the https scheme.')
  if (!URL.canParse(startUrl)) throw refused(`Invalid sso_start_url: '${startUrl}'`)
  const { hostname } = new URL(startUrl)
  if (isOfAws(hostname)) {
    if (region !== undefined) return { url: startUrl, region }
    throw refused("Missing required configuration: sso_region. Please run 'aws configure sso' to set it.")
  }
  const led = new URL(await whereItLeads(startUrl, settings))
  const url = `${led.origin}${led.pathname.replace(/\/+$/, '')}`
  if (!isOfAws(led.hostname)) {
    throw refused(`Could not resolve start URL '${startUrl}' to an AWS-owned endpoint. Final URL: '${url}'`)
  }
  if (led.protocol !== 'https:') throw refused(`Resolved URL must use https. Got: '${url}'`)
  const found = regionalHosts.map((pattern) => pattern.exec(led.hostname)?.[1]).find((each) => each !== undefined)
  if (found !== undefined || region !== undefined) return { url, region: (found ?? region)! }
  throw refused(
    `Cannot determine region from start URL '${startUrl}'. Please provide sso_region in your configuration.`,
  )
}

/** One redirect is followed; a server that knows no HEAD is asked by GET. */
async function whereItLeads(url: string, settings: Settings): Promise<string> {
  let answer = await asked('HEAD', url, settings)
  if (answer.status === 405 || answer.status === 501) answer = await asked('GET', url, settings)
  if (answer.status < 300) return url
  if (![301, 302, 303, 307, 308].includes(answer.status)) {
    throw refused(`Failed to resolve start URL: HTTP ${answer.status}`)
  }
  const location = answer.headers['location']
  if (location === undefined) throw refused('Redirect response missing Location header.')
  return new URL(location, url).href
}

async function asked(method: string, url: string, settings: Settings): Promise<HttpResponse> {
  const { host, pathname, search } = new URL(url)
  const request = {
    method,
    scheme: 'https',
    host,
    path: pathname,
    query: search.slice(1),
    headers: { host },
    body: emptyBody,
  } as const
  try {
    return await settings.send(request, { connectTimeout: timeoutMilliseconds, readTimeout: timeoutMilliseconds })
  } catch (error) {
    throw refused(`Failed to resolve start URL: ${(error as Error).message}`)
  }
}

function refused(message: string): Failure {
  return new Failure('Configuration', message)
}
