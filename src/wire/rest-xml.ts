// rest-xml: REST with XML bodies (S3, Route 53, CloudFront).
// https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html

import { utf8 } from '../lib/bytes.ts'
import type { Structure, Value } from '../lib/value.ts'
import { escapeText } from '../lib/xml.ts'
import type { Headers } from '../http/message.ts'
import { codeOf } from '../model/error-shape.ts'
import type { Member, Operation, Service } from '../model/model.ts'
import { statusError } from './errors.ts'
import type { EventFormat } from './event-stream.ts'
import { errorElements, queryError, readXmlError } from './form-rpc.ts'
import { bodyBytes, namespaceUri } from './message.ts'
import { rest } from './rest.ts'
import type { RestFormat } from './rest.ts'
import { serverReading } from './scalars.ts'
import type { Reading, Side } from './scalars.ts'
import { element, namespaceAttribute, parseXmlBody, readXml, structureContent, writeXml } from './xml.ts'

const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'

const events: EventFormat = {
  mime: 'text/xml',
  encode: (member, value, side) => utf8(writeXml(member, value, member.traits.locationName ?? member.shape.name, side)),
  decode: (member, body, reading) => decodeXml(member, body, reading),
}

const format: RestFormat = {
  name: 'rest-xml',
  mime: 'application/xml',
  requestMime: undefined,
  encode: (operation, member, value, side) => utf8(documentText(operation, member, value, side)),

  decode(operation, member, body, reading) {
    if (isUnwrapped(operation, member)) return readUnwrapped(member, body, reading)
    return decodeXml(member, body, reading)
  },

  nothing: new Uint8Array(0),
  alwaysBody: false,
  events,
  requestReading: () =>
    serverReading(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    ),

  requestIdHeaders(service, requestId): Headers {
    if (!isS3Kin(service)) return { 'x-amzn-requestid': requestId }
    return { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId(requestId) }
  },

  writeError(service, shape, error, requestId) {
    const headers = { 'content-type': 'application/xml', ...format.requestIdHeaders(service, requestId) }
    if (!isS3Kin(service)) return { headers, body: utf8(PROLOG + queryError(service, shape, error, requestId)) }
    const code = shape ? codeOf(shape) : error.code
    const told = errorElements(shape, error, code, false) + detailElements(error.detail, shape)
    const ids = `<RequestId>${escapeText(requestId)}</RequestId><HostId>${hostId(requestId)}</HostId>`
    const body = isS3(service)
      ? element('Error', '', told + ids)
      : element('ErrorResponse', '', element('Error', '', told) + ids)
    return { headers, body: utf8(PROLOG + body) }
  },

  /** A HEAD has no body to tell its error in, and a web page is none: then the status speaks. */
  readError(operation, response, options) {
    if (bodyBytes(response.body).length === 0) return statusError(response)
    try {
      return readXmlError(operation, response, options)
    } catch {
      return statusError(response)
    }
  },
}

export const restXml = rest(format)

function decodeXml(member: Member, body: Uint8Array, reading: Reading): Value {
  if (body.length === 0) return {}
  return readXml(member, parseXmlBody(body, reading), reading)
}

function documentText(operation: Operation, member: Member, value: Value, side: Side): string {
  const named = member.traits.locationName
  if (side === 'request') {
    const xml = writeXml(member, value, named ?? member.shape.name, side)
    // botocore does this to the finished text: line ends in keys and prefixes must survive the service's XML reader.
    return keepsLineEnds(operation) ? xml.replaceAll('\n', '&#xA;') : xml
  }
  const root = named ?? s3Root(operation, member) ?? member.shape.name
  const namespace = namespaceAttribute(member.traits.xmlNamespace ?? answerNamespace(operation.service))
  if (isUnwrapped(operation, member)) {
    return (
      PROLOG +
      element('LocationConstraint', namespace, escapeText(String((value as Structure)['LocationConstraint'] ?? '')))
    )
  }
  const content = isTwoLists(operation) ? asOneList(value as Structure) : [value as Structure]
  const parts = content.map((part) => structureContent(member, part, side))
  const attributes = parts.map((part) => part.attributes).join('')
  return PROLOG + element(root, namespace + attributes, parts.map((part) => part.elements).join(''))
}

function isTwoLists({ service, name }: Operation): boolean {
  return isS3(service) && name === 'ListObjectVersions'
}

/**
 * ListObjectVersions tells its two lists as one: a delete marker stands before the versions that it hides. `Place`, which
 * the model does not know, says where an entry stands; here each becomes a list of its own.
 */
function asOneList({ Versions, DeleteMarkers, ...others }: Structure): Structure[] {
  const entries = Object.entries({ Versions, DeleteMarkers }).flatMap(([list, value]) =>
    ((value ?? []) as Structure[]).map((entry) => ({ place: Number(entry['Place'] ?? 0), told: { [list]: [entry] } })),
  )
  return [others, ...entries.sort((a, b) => a.place - b.place).map(({ told }) => told)]
}

/**
 * Clients that go by namespaces (XML::LibXML, Java's XPath) find nothing in an answer without its own. The models tell
 * S3's of what is asked only.
 */
function answerNamespace(service: Service): string | undefined {
  if (isS3(service)) return 'http://s3.amazonaws.com/doc/2006-03-01/'
  if (isS3Kin(service)) return 'http://awss3control.amazonaws.com/doc/2018-08-20/'
  return namespaceUri(service.metadata.xmlNamespace)
}

function keepsLineEnds(operation: Operation): boolean {
  return (
    isS3(operation.service) &&
    (operation.name === 'DeleteObjects' || operation.name === 'PutBucketLifecycleConfiguration')
  )
}

function isS3(service: Service): boolean {
  return service.name === 's3'
}

/** S3, and S3 Control, which puts its errors into one more element. */
function isS3Kin(service: Service): boolean {
  return isS3(service) || service.name === 's3control'
}

/** S3's second request id: opaque, here derived from the first. */
export function hostId(requestId: string): string {
  return `virga/${requestId}`
}

/** S3's errors name things that its model does not: BucketName, Key, Endpoint. */
function detailElements(
  detail: Structure,
  shape: { memberNamed(name: string): Member | undefined } | undefined,
): string {
  let xml = ''
  for (const [name, value] of Object.entries(detail)) {
    if (!shape?.memberNamed(name) && value !== undefined) xml += `<${name}>${escapeText(String(value))}</${name}>`
  }
  return xml
}

/** GetBucketLocation answers with its one member as the root. */
function isUnwrapped(operation: Operation, member: Member): boolean {
  return isS3(operation.service) && operation.name === 'GetBucketLocation' && member === operation.output
}

function readUnwrapped(member: Member, body: Uint8Array, reading: Reading): Structure {
  if (body.length === 0) return {}
  const root = parseXmlBody(body, reading)
  if (root.children.length > 0) return readXml(member, root, reading) as Structure
  // No location is us-east-1, which the reference shows as null.
  return { LocationConstraint: root.text === '' ? null : root.text }
}

/** S3 names the roots of its answers by rules of its own. https://docs.aws.amazon.com/AmazonS3/latest/API/ */
function s3Root(operation: Operation, member: Member): string | undefined {
  if (!isS3(operation.service) || member !== operation.output) return undefined
  const roots: Record<string, string> = {
    ListBuckets: 'ListAllMyBucketsResult',
    ListDirectoryBuckets: 'ListAllMyDirectoryBucketsResult',
    ListObjects: 'ListBucketResult',
    ListObjectsV2: 'ListBucketResult',
    ListObjectVersions: 'ListVersionsResult',
    ListMultipartUploads: 'ListMultipartUploadsResult',
    ListParts: 'ListPartsResult',
    CreateMultipartUpload: 'InitiateMultipartUploadResult',
    CompleteMultipartUpload: 'CompleteMultipartUploadResult',
    DeleteObjects: 'DeleteResult',
    CreateSession: 'CreateSessionResult',
    GetObjectAttributes: 'GetObjectAttributesResponse',
    GetBucketAcl: 'AccessControlPolicy',
    GetObjectAcl: 'AccessControlPolicy',
    GetBucketTagging: 'Tagging',
    GetObjectTagging: 'Tagging',
    GetBucketVersioning: 'VersioningConfiguration',
    GetBucketCors: 'CORSConfiguration',
    GetBucketLifecycle: 'LifecycleConfiguration',
    GetBucketLifecycleConfiguration: 'LifecycleConfiguration',
    GetBucketLogging: 'BucketLoggingStatus',
    GetBucketWebsite: 'WebsiteConfiguration',
    GetBucketAccelerateConfiguration: 'AccelerateConfiguration',
    GetBucketRequestPayment: 'RequestPaymentConfiguration',
    ListBucketAnalyticsConfigurations: 'ListBucketAnalyticsConfigurationResult',
    ListBucketInventoryConfigurations: 'ListInventoryConfigurationsResult',
    ListBucketMetricsConfigurations: 'ListMetricsConfigurationsResult',
    ListBucketIntelligentTieringConfigurations: 'ListBucketIntelligentTieringConfigurationsOutput',
  }
  return roots[operation.name]
}
