// What S3 does that the other REST services do not.

import { expect, test } from 'bun:test'
import { text, utf8 } from '../lib/bytes.ts'
import type { Operation } from '../model/model.ts'
import { rawService } from '../model/raw.ts'
import { restXml } from './rest-xml.ts'

const service = rawService('s3', {
  service: {
    metadata: {
      apiVersion: '2006-03-01',
      endpointPrefix: 's3',
      serviceId: 'S3',
      serviceFullName: 'S3',
      protocol: 'rest-xml',
    },
    operations: {
      GetBucketLocation: { http: { method: 'GET', requestUri: '/{Bucket}?location' }, output: { shape: 'Location' } },
      ListObjectsV2: { http: { method: 'GET', requestUri: '/{Bucket}?list-type=2' }, output: { shape: 'Listing' } },
      DeleteObjects: { http: { method: 'POST', requestUri: '/{Bucket}?delete' }, input: { shape: 'DeleteIn' } },
      PutBucketTagging: { http: { method: 'PUT', requestUri: '/{Bucket}?tagging' }, input: { shape: 'DeleteIn' } },
      GetObject: { http: { method: 'GET', requestUri: '/{Bucket}/{Key+}' }, input: { shape: 'GetIn' } },
      ListObjects: { http: { method: 'GET', requestUri: '/{Bucket}' }, input: { shape: 'ListIn' } },
    },
    shapes: {
      Location: { type: 'structure', members: { LocationConstraint: { shape: 'Text' } } },
      Listing: { type: 'structure', members: { Name: { shape: 'Text' } } },
      DeleteIn: {
        type: 'structure',
        payload: 'Delete',
        members: {
          Bucket: { shape: 'Text', location: 'uri', locationName: 'Bucket' },
          Delete: {
            shape: 'Delete',
            locationName: 'Delete',
            xmlNamespace: { uri: 'http://s3.amazonaws.com/doc/2006-03-01/' },
          },
        },
      },
      Delete: { type: 'structure', members: { Key: { shape: 'Text' } } },
      GetIn: {
        type: 'structure',
        members: {
          Bucket: { shape: 'Text', location: 'uri', locationName: 'Bucket' },
          Key: { shape: 'Text', location: 'uri', locationName: 'Key' },
        },
      },
      ListIn: { type: 'structure', members: { Bucket: { shape: 'Text', location: 'uri', locationName: 'Bucket' } } },
      Text: { type: 'string' },
    },
  },
})

function operation(name: string): Operation {
  return service.operation(name)
}

const xmlns = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'

test.each([
  ['eu-west-1', 'eu-west-1'],
  ['', null],
])('the location of a bucket is the root itself: %p', (wire, value) => {
  const body = utf8(`<?xml version="1.0"?><LocationConstraint ${xmlns}>${wire}</LocationConstraint>`)
  const output = { LocationConstraint: value }
  expect(restXml.readResponse(operation('GetBucketLocation'), { status: 200, headers: {}, body })).toEqual(output)
  const written = restXml.writeResponse(operation('GetBucketLocation'), output, 'R')
  expect(restXml.readResponse(operation('GetBucketLocation'), written)).toEqual(output)
  expect(written.headers).toMatchObject({ 'x-amz-request-id': 'R', 'x-amz-id-2': 'virga/R' })
})

test('roots have names of their own', () => {
  const { body } = restXml.writeResponse(operation('ListObjectsV2'), { Name: 'b' }, 'R')
  expect(text(body as Uint8Array)).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult ${xmlns}><Name>b</Name></ListBucketResult>`,
  )
})

test('line ends in keys to delete are written as references, as botocore writes them', () => {
  const input = { Bucket: 'b', Delete: { Key: 'a\r\nb' } }
  const body = (name: string): string => text(restXml.writeRequest(operation(name), input).body as Uint8Array)
  expect(body('DeleteObjects')).toBe(`<Delete ${xmlns}><Key>a&#xD;&#xA;b</Key></Delete>`)
  expect(body('PutBucketTagging')).toBe(`<Delete ${xmlns}><Key>a&#xD;\nb</Key></Delete>`)
})

test('keys are paths, encoded but for their slashes', () => {
  const input = { Bucket: 'b', Key: '/a b/../é+%?#//' }
  const request = restXml.writeRequest(operation('GetObject'), input)
  expect(request.path).toBe('/b//a%20b/../%C3%A9%2B%25%3F%23//')
  expect(restXml.readRequest(operation('GetObject'), request)).toEqual(input)
})

test('a bucket may have a slash behind it, but not another path', () => {
  const request = { method: 'GET', path: '/b/', query: '', headers: {}, body: new Uint8Array(0) }
  expect(restXml.readRequest(operation('ListObjects'), request)).toEqual({ Bucket: 'b' })
  expect(() => restXml.readRequest(operation('ListObjects'), { ...request, path: '/b/c' })).toThrow(
    'is not a path of ListObjects',
  )
})
