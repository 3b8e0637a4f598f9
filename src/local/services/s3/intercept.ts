// What comes to S3 and is no operation of its API: a browser's preflight, a form, a visit to a web site.

import type { HttpRequest, HttpResponse } from '../../../http/message.ts'
import { percentDecode } from '../../../lib/percent.ts'
import type { World } from '../../world.ts'
import { inPathStyle, websiteBucket } from './address.ts'
import { preflight } from './cors.ts'
import { isForm, notAForm, takeForm } from './post-form.ts'
import { newRequestId } from './request-id.ts'
import { S3 } from './state.ts'
import { bucketBehind } from './through.ts'
import { visit } from './website.ts'

type Serve = (request: HttpRequest) => Promise<HttpResponse>

export async function intercept(request: HttpRequest, world: World, serve: Serve): Promise<HttpResponse | undefined> {
  if (request.method !== 'OPTIONS' && request.method !== 'POST' && !request.host.includes('.s3-website'))
    return undefined
  const site = websiteBucket(request.host)
  if (site !== undefined) return visit(site, request, world, serve)
  if (request.method === 'OPTIONS') return preflightAnswer(request, world)
  const asked = inPathStyle(request)
  if (isForm(request)) return takeForm(asked, world, serve)
  return asked.query === '' && /^\/[^/]+$/.test(asked.path) ? notAForm() : undefined
}

function preflightAnswer(incoming: HttpRequest, world: World): Promise<HttpResponse> | HttpResponse {
  const request = inPathStyle(incoming)
  const name = percentDecode(request.path.split('/')[1] ?? '')
  return world.store.namespace('s3').transaction((rows) => {
    const state = new S3(rows)
    return preflight(request, bucketBehind(name, state), state, newRequestId())
  })
}
