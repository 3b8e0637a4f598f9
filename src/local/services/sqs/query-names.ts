// How was SQS spoken to before 2023? By the query protocol, whose names are no longer in the model, and with codes that
// both protocols still tell.
//
//   Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=30
//   <ReceiveMessageResult><Message>…<Attribute><Name>SenderId</Name>…
//   x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender

import type { Member, Operation, ProtocolName, Service, Shape } from '../../../model/model.ts'

/** The operation with what its model left out. */
export function spoken(operation: Operation, protocol: ProtocolName): Operation {
  const known = protocol === 'query' ? old : today
  let found = known.get(operation)
  if (!found) known.set(operation, (found = protocol === 'query' ? inQuery(operation) : withCodes(operation)))
  return found
}

const old = new WeakMap<Operation, Operation>()
const today = new WeakMap<Operation, Operation>()

function withCodes({ name, wireName, service, http, input, output, traits, errors }: Operation): Operation {
  return { name, wireName, service, http, input, output, traits, errors: [...errors.map(withCode), ...unmodelled()] }
}

function inQuery(operation: Operation): Operation {
  const { name, service, input, output } = operation
  const metadata = { ...service.metadata, xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/' }
  const result = output && named(output, {})
  return {
    ...withCodes(operation),
    service: { name: service.name, metadata, operationNames: [] as readonly string[] } as Service,
    ...(input && { input: named(input, {}) }),
    ...(result && { output: { ...result, traits: { ...result.traits, resultWrapper: `${name}Result` } } }),
  }
}

const codes: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  KmsAccessDenied: 'KMS.AccessDeniedException',
  KmsDisabled: 'KMS.DisabledException',
  KmsInvalidKeyUsage: 'KMS.InvalidKeyUsageException',
  KmsInvalidState: 'KMS.InvalidStateException',
  KmsNotFound: 'KMS.NotFoundException',
  KmsOptInRequired: 'KMS.OptInRequired',
  KmsThrottled: 'KMS.ThrottlingException',
}

/** Those whose code is their name behind this. */
const prefix = 'AWS.SimpleQueueService.'
const prefixed: readonly string[] = [
  'BatchEntryIdsNotDistinct',
  'BatchRequestTooLong',
  'EmptyBatchRequest',
  'InvalidBatchEntryId',
  'MessageNotInflight',
  'PurgeQueueInProgress',
  'QueueDeletedRecently',
  'TooManyEntriesInBatchRequest',
  'UnsupportedOperation',
]

/** The code that a client of either protocol reads. */
export function codeOf(name: string): string {
  return codes[name] ?? (prefixed.includes(name) ? prefix + name : name)
}

function withCode(shape: Shape): Shape {
  return errorShape(shape.name, codeOf(shape.name), shape.members)
}

function errorShape(name: string, code: string, members: readonly Member[] = []): Shape {
  const traits = { exception: true, error: { code } }
  return { name, type: 'structure', traits, members, memberNamed: (asked) => members.find((one) => one.name === asked) }
}

/** Errors that no model lists: the new protocol calls them by other names than the old. */
function unmodelled(): Shape[] {
  return [
    errorShape('InvalidParameterValueException', 'InvalidParameterValue'),
    errorShape('MissingRequiredParameterException', 'MissingParameter'),
    errorShape('AccessDeniedException', 'AccessDenied'),
  ]
}

interface Names {
  /** What the member itself is called. */
  readonly own?: string
  readonly item?: string
  readonly key?: string
  readonly value?: string
}

const attribute = { key: 'Name', value: 'Value' }

function namesOf({ name, shape }: Member): Names {
  switch (shape.name) {
    case 'QueueAttributeMap':
    case 'MessageSystemAttributeMap':
      return { own: 'Attribute', ...attribute }
    case 'MessageBodyAttributeMap':
      return { own: 'MessageAttribute', ...attribute }
    case 'MessageBodySystemAttributeMap':
      return { own: 'MessageSystemAttribute', ...attribute }
    case 'TagMap':
      return { own: 'Tag', key: 'Key', value: 'Value' }
    case 'MessageSystemAttributeList':
      return { own: name === 'AttributeNames' ? 'AttributeName' : 'MessageSystemAttributeName' }
    case 'StringList':
    case 'BinaryList':
      return { item: `${shape.name}Value` }
    default:
      return shape.type === 'list' ? { item: shape.name.replace(/List$/, '') } : {}
  }
}

/** A member, and all below it, under the old names. */
function named(member: Member, traits: Member['ownTraits']): Member {
  const { shape } = member
  const { own, item, key, value } = namesOf(member)
  const ownTraits = { ...member.ownTraits, ...traits, ...(own !== undefined && { locationName: own }) }
  const members = shape.members.map((each) => named(each, {}))
  return {
    name: member.name,
    required: member.required,
    ownTraits,
    traits: { ...shape.traits, ...ownTraits },
    shape: {
      name: shape.name,
      type: shape.type,
      traits: shape.traits,
      members,
      memberNamed: (asked) => members.find((each) => each.name === asked),
      ...(shape.member && { member: named(shape.member, item === undefined ? {} : { locationName: item }) }),
      ...(shape.key && { key: named(shape.key, key === undefined ? {} : { locationName: key }) }),
      ...(shape.value && { value: named(shape.value, value === undefined ? {} : { locationName: value }) }),
    },
  }
}
