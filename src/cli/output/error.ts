// Which fields does a service's error have when it is shown as a record (`--cli-error-format json`)?
//
// Code, Message and the members of the error's shape. The order is the reference's: that in which its parsers fill the
// record, which differs between JSON, XML, S3's XML and what only its status speaks for.

import type { AwsError } from '../../lib/errors.ts'
import { structureOf, type Structure, type Value } from '../../lib/value.ts'
import { errorShape } from '../../model/error-shape.ts'
import type { Operation } from '../../model/model.ts'
import { presentMember, type Presentation } from './present.ts'

/** The record of an error of this operation; timestamps as `presentation` says. */
export function errorRecord(operation: Operation, error: AwsError, presentation: Presentation): Structure {
  const { name, protocol } = operation.service
  const isXml = ['query', 'ec2', 'rest-xml'].includes(protocol)
  const codeFirst = error.response.bare === true || (isXml && (protocol !== 'rest-xml' || name === 's3'))
  const heads: [string, Value][] = [
    ['Code', error.code],
    ['Message', error.message],
  ]
  return structureOf([
    ...(codeFirst ? heads : heads.reverse()),
    ...memberEntries(operation, error, isXml, presentation),
  ])
}

function* memberEntries(
  operation: Operation,
  error: AwsError,
  isXml: boolean,
  presentation: Presentation,
): Iterable<[string, Value]> {
  for (const member of errorShape(operation, error.code)?.members ?? []) {
    const value = error.detail[member.name]
    if (value !== undefined) yield [member.name, presentMember(member, value, presentation)]
    // JSON errors carry their message as a member, `message`, beside the Message that every error has.
    else if (member.name === 'message' && !isXml) yield ['message', error.message]
  }
}
