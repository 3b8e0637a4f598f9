// A bucket as a web site: index documents, error documents, redirects. A visitor is nobody, so the bucket's policy must
// let everybody read. https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html

import { utf8 } from '../../../lib/bytes.ts'
import { percentDecode, percentEncodePath } from '../../../lib/percent.ts'
import { escapeText } from '../../../lib/xml.ts'
import { readBody, type HttpRequest, type HttpResponse } from '../../../http/message.ts'
import { hostId } from '../../../wire/rest-xml.ts'
import type { World } from '../../world.ts'
import { newRequestId } from './request-id.ts'
import { S3 } from './state.ts'
import type { RoutingRule, Website } from './website-rules.ts'

type Serve = (request: HttpRequest) => Promise<HttpResponse>

export async function visit(bucket: string, request: HttpRequest, world: World, serve: Serve): Promise<HttpResponse> {
  const { exists, website } = await world.store.namespace('s3').transaction((rows) => {
    const state = new S3(rows)
    return { exists: state.findBucket(bucket) !== undefined, website: state.configuration<Website>(bucket, 'website') }
  })
  if (!exists)
    return page(404, 'Not Found', {
      Code: 'NoSuchBucket',
      Message: 'The specified bucket does not exist',
      BucketName: bucket,
    })
  if (!website)
    return page(404, 'Not Found', {
      Code: 'NoSuchWebsiteConfiguration',
      Message: 'The specified bucket does not have a website configuration',
      BucketName: bucket,
    })
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return page(405, 'Method Not Allowed', {
      Code: 'MethodNotAllowed',
      Message: 'The specified method is not allowed against this resource.',
      Method: request.method,
      ResourceType: 'OBJECT',
    })
  return new Visit(bucket, website, request, serve).answer()
}

class Visit {
  readonly bucket: string
  readonly website: Website
  readonly request: HttpRequest
  readonly serve: Serve

  constructor(bucket: string, website: Website, request: HttpRequest, serve: Serve) {
    this.bucket = bucket
    this.website = website
    this.request = request
    this.serve = serve
  }

  async answer(): Promise<HttpResponse> {
    const { website } = this
    const path = percentDecode(this.request.path.slice(1))
    const { RedirectAllRequestsTo: all, IndexDocument: index } = website
    if (all) return this.redirectTo(301, all.Protocol, all.HostName, path)
    const before = this.ruleFor(path, undefined)
    if (before) return this.redirect(before, path)
    const key = path === '' || path.endsWith('/') ? path + index!.Suffix : path
    const found = await this.get(key)
    if (found.status < 400) return this.shown(found)
    const folder = found.status !== 403 && !path.endsWith('/') ? await this.get(`${path}/${index!.Suffix}`) : undefined
    if (folder && folder.status < 400) return this.redirectTo(302, undefined, undefined, `${path}/`)
    const after = this.ruleFor(path, String(found.status))
    return after ? this.redirect(after, path) : this.failed(found, key)
  }

  /** As an unsigned GetObject. */
  get(key: string): Promise<HttpResponse> {
    const { 'if-modified-since': since, 'if-none-match': none, range } = this.request.headers
    const headers = {
      ...(since && { 'if-modified-since': since }),
      ...(none && { 'if-none-match': none }),
      ...(range && { range }),
    }
    const path = `/${this.bucket}/${percentEncodePath(key)}`
    return this.serve({ ...this.request, host: 's3.localhost', path, query: '', headers, body: new Uint8Array(0) })
  }

  shown(found: HttpResponse): HttpResponse {
    const to = found.headers['x-amz-website-redirect-location']
    if (to === undefined) return found
    return { status: 301, headers: { location: to, 'content-length': '0' }, body: new Uint8Array(0) }
  }

  ruleFor(path: string, status: string | undefined): RoutingRule | undefined {
    return this.website.RoutingRules?.find(({ Condition: condition = {} }) => {
      const { HttpErrorCodeReturnedEquals: code, KeyPrefixEquals: prefix } = condition
      return code === status && path.startsWith(prefix ?? '')
    })
  }

  redirect({ Condition, Redirect }: RoutingRule, path: string): HttpResponse {
    const { ReplaceKeyWith, ReplaceKeyPrefixWith, HttpRedirectCode, Protocol, HostName } = Redirect
    const replaced =
      ReplaceKeyPrefixWith === undefined
        ? path
        : ReplaceKeyPrefixWith + path.slice((Condition?.KeyPrefixEquals ?? '').length)
    return this.redirectTo(Number(HttpRedirectCode ?? 301), Protocol, HostName, ReplaceKeyWith ?? replaced)
  }

  redirectTo(status: number, protocol: string | undefined, host: string | undefined, key: string): HttpResponse {
    const { scheme } = this.request
    const from =
      protocol || host ? `${protocol || (scheme === 'https' ? 'https' : 'http')}://${host ?? this.request.host}` : ''
    return {
      status,
      headers: { location: `${from}/${percentEncodePath(key)}`, 'content-length': '0' },
      body: new Uint8Array(0),
    }
  }

  /** The site's own error document, or S3's page. */
  async failed(found: HttpResponse, key: string): Promise<HttpResponse> {
    const own = this.website.ErrorDocument
    const document = own && (await this.get(own.Key))
    if (document && document.status < 400) return { ...document, status: found.status }
    const title = found.status === 403 ? 'Forbidden' : found.status === 404 ? 'Not Found' : 'Error'
    return page(found.status, title, await toldBy(found, key), document && (await toldBy(document, own!.Key)))
  }
}

/** What an error's page says of it. */
async function toldBy({ status, body }: HttpResponse, key: string): Promise<Record<string, string>> {
  const xml = new TextDecoder().decode(await readBody(body))
  const element = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? ''
  return { Code: element('Code'), Message: element('Message'), ...(status === 404 && { Key: key }) }
}

/** `document`: why the site's own page could not be shown. */
function page(
  status: number,
  title: string,
  facts: Record<string, string>,
  document?: Record<string, string>,
): HttpResponse {
  const requestId = newRequestId()
  const list = (told: Record<string, string>): string =>
    `<ul>\n${Object.entries(told)
      .map(([name, value]) => `<li>${name}: ${escapeText(value)}</li>\n`)
      .join('')}</ul>\n`
  const why = `<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>\n`
  const ids = { RequestId: requestId, HostId: hostId(requestId) }
  const told = list({ ...facts, ...ids }) + (document ? why + list(document) : '')
  const html = `<html>\n<head><title>${status} ${title}</title></head>\n<body>\n<h1>${status} ${title}</h1>\n${told}<hr/>\n</body>\n</html>\n`
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', server: 'AmazonS3' }, body: utf8(html) }
}
