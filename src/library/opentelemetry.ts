// A span for each call, as OpenTelemetry's conventions for AWS SDKs name things.
// https://opentelemetry.io/docs/specs/semconv/cloud-providers/aws-sdk/
//
//   import { context, trace } from '@opentelemetry/api'
//   const traced = aws.with({ observe: openTelemetry({ context, trace }) })

import { AwsError } from '../lib/errors.ts'
import type { Observe, Outcome } from './types.ts'

interface Span {
  setAttributes(attributes: Record<string, string | number | undefined>): unknown
  setStatus(status: { code: number; message?: string }): unknown
  recordException(error: Error): void
  end(): void
}

/** What is used of `@opentelemetry/api`, any version 1. */
export interface OpenTelemetryApi<Context> {
  readonly trace: {
    getTracer(name: string): {
      startSpan(name: string, options: { kind: number; attributes: Record<string, string | undefined> }): Span
    }
    setSpan(context: Context, span: any): Context
  }
  readonly context: { active(): Context; with<T>(context: Context, work: () => T): T }
}

const CLIENT = 2
const ERROR = 2

export function openTelemetry<Context>({ trace, context }: OpenTelemetryApi<Context>): Observe {
  const tracer = trace.getTracer('virga')
  return ({ serviceId, operation, region }) => {
    const span = tracer.startSpan(`${serviceId}.${operation}`, {
      kind: CLIENT,
      attributes: {
        'rpc.system': 'aws-api',
        'rpc.service': serviceId,
        'rpc.method': operation,
        'cloud.region': region,
      },
    })
    return {
      within: (work) => context.with(trace.setSpan(context.active(), span), work),
      ended(outcome) {
        tell(span, outcome)
        span.end()
      },
    }
  }
}

function tell(span: Span, { error, response }: Outcome): void {
  if (response) {
    const { status, requestId, retries } = response
    span.setAttributes({
      'http.response.status_code': status,
      'aws.request_id': requestId,
      'http.request.resend_count': retries || undefined,
    })
  }
  if (error === undefined) return
  const known = error instanceof Error ? error : new Error(String(error))
  span.setAttributes({ 'error.type': known instanceof AwsError ? known.code : known.name })
  span.recordException(known)
  span.setStatus({ code: ERROR, message: known.message })
}
