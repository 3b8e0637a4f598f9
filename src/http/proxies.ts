// Which proxy does a request go through? By the rules of Python's urllib, which are the reference's:
// <scheme>_proxy in either case with the lower case preferred, and no_proxy as a list of names and their endings.
// https://docs.python.org/3/library/urllib.request.html#urllib.request.getproxies

export interface Proxies {
  http?: string
  https?: string
  /** Names that are reached directly, separated by commas; `*` for all. */
  no?: string
}

export type Environment = Readonly<Record<string, string | undefined>>

/** What the environment says. HTTP_PROXY in capitals is not believed in a CGI program, where the client could set it. */
export function proxiesOf(env: Environment): Proxies {
  const either = (name: string): string | undefined => env[`${name}_proxy`] ?? env[`${name.toUpperCase()}_PROXY`]
  return {
    http: (env['REQUEST_METHOD'] === undefined ? either('http') : env['http_proxy']) || undefined,
    https: either('https') || undefined,
    no: either('no') || undefined,
  }
}

export interface Proxy {
  secure: boolean
  host: string
  port: number
  /** The value of Proxy-Authorization. */
  authorization?: string
  /** As configured, name and password hidden: for messages. */
  shown: string
}

/**
 * The proxy for a host, or undefined for none.
 * @param host as in HttpRequest: with the port unless it is the scheme's own
 */
export function proxyFor(scheme: 'http' | 'https', host: string, proxies: Proxies): Proxy | undefined {
  const configured = proxies[scheme]
  if (configured === undefined || bypassed(host, proxies.no)) return undefined
  return parse(configured)
}

function bypassed(host: string, no: string | undefined): boolean {
  if (no === undefined) return false
  if (no === '*') return true
  const withPort = host.toLowerCase()
  const name = withPort.replace(/:\d+$/, '')
  return no.split(',').some((entry) => {
    const wanted = entry.trim().replace(/^\.+/, '').toLowerCase()
    if (wanted === '') return false
    return [name, withPort].some((given) => given === wanted || given.endsWith('.' + wanted))
  })
}

function parse(configured: string): Proxy {
  const url = /^https?:/.test(configured) ? configured : 'http://' + configured.replace(/^\/\//, '')
  const [, scheme, user, password, host, port] =
    /^(https?):\/*(?:([^@/:]*)(?::([^@/]*))?@)?(\[[^\]]*\]|[^/:?#]*)(?::(\d+))?/.exec(url)!
  const secure = scheme === 'https'
  return {
    secure,
    host: host!.replace(/^\[|\]$/g, ''),
    port: port === undefined ? (secure ? 443 : 80) : Number(port),
    authorization: user && password ? 'Basic ' + btoa(unquoted(user) + ':' + unquoted(password)) : undefined,
    shown: user === undefined ? url : url.replace(/\/\/[^@]*@/, '//***:***@'),
  }
}

function unquoted(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}
