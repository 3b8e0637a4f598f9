// query and ec2: a form goes out, XML comes back.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, aws-ec2-query-protocol.html
//
//   Action=GetCallerIdentity&Version=2011-06-15
//
//   <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
//     <GetCallerIdentityResult><Arn>…</Arn></GetCallerIdentityResult>
//     <ResponseMetadata><RequestId>…</RequestId></ResponseMetadata>
//   </GetCallerIdentityResponse>

import { text, utf8 } from '../lib/bytes.ts'
import type { AwsError } from '../lib/errors.ts'
import { escapeText } from '../lib/xml.ts'
import type { XmlElement } from '../lib/xml.ts'
import { find } from '../lib/iterate.ts'
import type { HttpResponse } from '../http/message.ts'
import { codeOf, errorShape } from '../model/error-shape.ts'
import type { Operation, Service, Shape } from '../model/model.ts'
import {
  bodyDetail,
  errorStatus,
  errorType,
  isGenericError,
  membersOrNone,
  responseError,
  statusError,
} from './errors.ts'
import { formText, formTree, parseForm, readFormStructure, writeForm } from './form.ts'
import type { Form, Parameters } from './form.ts'
import { bodyBytes, memberOf, namespaceUri, requestIdOf, responseOf } from './message.ts'
import type { Protocol, ReadOptions } from './protocol.ts'
import { clientReading, serverReading } from './scalars.ts'
import { element, namespaceAttribute, parseXmlBody, readStructure, structureContent } from './xml.ts'

export function formRpc(form: Form): Protocol {
  return {
    name: form.name,

    writeRequest(operation, input) {
      const parameters: Parameters = [
        ['Action', operation.name],
        ['Version', operation.service.metadata.apiVersion],
      ]
      if (operation.input) writeForm(form, operation.input, input, '', parameters)
      return {
        method: operation.http.method,
        path: '/',
        query: '',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: utf8(formText(parameters)),
      }
    },

    readRequest(operation, request) {
      if (!operation.input) return {}
      const body = text(bodyBytes(request.body))
      const parameters = [...parseForm(request.query), ...parseForm(body)]
      const tree = formTree(form.name === 'ec2' ? parameters.filter(saysSomething) : parameters)
      return readFormStructure(form, operation.input, tree, serverReading('MalformedQueryString'))
    },

    writeResponse(operation, output, requestId) {
      const headers = { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId }
      const content = operation.output ? structureContent(operation.output, output, 'response').elements : ''
      const namespace = namespaceAttribute(answerNamespace(operation.service))
      const body =
        form.name === 'ec2'
          ? `<requestId>${escapeText(requestId)}</requestId>${content}`
          : resultElement(operation, content) +
            `<ResponseMetadata><RequestId>${escapeText(requestId)}</RequestId></ResponseMetadata>`
      return responseOf(operation, headers, utf8(element(`${operation.name}Response`, namespace, body)))
    },

    readResponse(operation, response, options) {
      const reading = clientReading(options)
      if (saysNothing(operation) && bodyBytes(response.body).length === 0) return {}
      const root = parseXmlBody(response.body, reading)
      if (!operation.output) return {}
      const wrapper = operation.output.traits['resultWrapper'] as string | undefined
      if (wrapper === undefined) return readStructure(operation.output, root, reading)
      const result = child(root, wrapper) ?? reading.fail(`'${wrapper}'`)
      return readStructure(operation.output, result, reading)
    },

    writeError(service, operation, error, requestId) {
      const shape = errorShape(operation, error.code)
      const body =
        form.name === 'ec2' ? ec2Error(shape, error, requestId) : queryError(service, shape, error, requestId)
      return {
        status: errorStatus(shape, error),
        headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
        body: utf8(body),
      }
    },

    readError: (operation, response, options) =>
      isGenericError(response) ? statusError(response) : readXmlError(operation, response, options, 'Unknown'),
  }
}

/** EC2's answers end theirs with a slash that its model lacks; clients that go by namespaces find nothing without it. */
function answerNamespace({ name, metadata }: Service): string | undefined {
  const uri = namespaceUri(metadata.xmlNamespace)
  return name === 'ec2' ? `${uri}/` : uri
}

/**
 * To EC2 an empty name of a thing is none: Packer, told of no VPC, subnet, zone and instance profile, sends them empty.
 * Values, descriptions and user data may be empty.
 */
function saysSomething([name, value]: readonly [string, string]): boolean {
  return value !== '' || !/(?:Id|Arn|Name|AvailabilityZone)$/.test(name)
}

function saysNothing({ output }: Operation): boolean {
  return output === undefined || output.shape.members.length === 0
}

function child(node: XmlElement, name: string): XmlElement | undefined {
  return find(node.children, (one) => one.name === name)
}

function resultElement(operation: Operation, content: string): string {
  if (!operation.output) return ''
  const wrapper = operation.output.traits['resultWrapper'] as string | undefined
  return wrapper === undefined ? content : element(wrapper, '', content)
}

/** `<ErrorResponse xmlns="…"><Error><Type>Sender</Type><Code>…</Code><Message>…</Message></Error><RequestId>…` */
export function queryError(service: Service, shape: Shape | undefined, error: AwsError, requestId: string): string {
  const namespace = namespaceAttribute(namespaceUri(service.metadata.xmlNamespace))
  const code = shape ? codeOf(shape) : error.code
  return element(
    'ErrorResponse',
    namespace,
    element('Error', '', errorElements(shape, error, code, true)) + `<RequestId>${escapeText(requestId)}</RequestId>`,
  )
}

/** The elements of an error, modelled members last. */
export function errorElements(shape: Shape | undefined, error: AwsError, code: string, typed: boolean): string {
  const type = typed ? `<Type>${errorType(shape, error)}</Type>` : ''
  const members = shape ? structureContent(memberOf(shape), bodyDetail(shape, error.detail), 'response').elements : ''
  return `${type}<Code>${escapeText(code)}</Code><Message>${escapeText(error.message)}</Message>${members}`
}

function ec2Error(shape: Shape | undefined, error: AwsError, requestId: string): string {
  const elements = errorElements(shape, error, error.code, false)
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<Response><Errors><Error>${elements}</Error></Errors><RequestID>${escapeText(requestId)}</RequestID></Response>`
  )
}

/**
 * The error of an XML body, in any of its three forms:
 * ErrorResponse/Error (query and most rest-xml), Response/Errors/Error (ec2), Error alone (S3).
 * @param absent the code and the message where there is none
 */
export function readXmlError(
  operation: Operation,
  response: HttpResponse,
  options: ReadOptions | undefined,
  absent = '',
): AwsError {
  const reading = clientReading(options)
  const root = parseXmlBody(response.body, reading)
  const errors = child(root, 'Errors')
  const error = root.name === 'Error' ? root : (child(errors ?? root, 'Error') ?? root)
  const elements: Record<string, string> = {}
  for (const one of error.children) if (one.children.length === 0) elements[one.name] ??= one.text
  const code = elements['Code'] ?? absent
  const shape = errorShape(operation, code)
  // S3 repeats the request id of the header inside its Error; the others have it beside theirs.
  const requestId = root.name === 'Error' ? undefined : (child(root, 'RequestId') ?? child(root, 'RequestID'))?.text
  return responseError(response, {
    code,
    message: elements['Message'] ?? elements['message'] ?? absent,
    detail: shape && membersOrNone(() => readStructure(memberOf(shape), error, reading)),
    requestId: requestId ?? requestIdOf(response.headers) ?? elements['RequestId'],
    elements,
  })
}
