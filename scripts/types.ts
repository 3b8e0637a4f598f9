// The declarations of a service: what `import 'virga/s3'` loads into the compiler, and nothing else.
//
//   scripts/types.ts SERVICE      prints them
//
// One interface a structure, named as AWS names it, in inputs and outputs alike. `$` is src/library/types.ts, so that a
// service may have a shape named Date, Record or Error.

import { join } from 'node:path'
import { camelCased } from '../src/library/models.ts'
import { methodOf } from '../src/library/client.ts'
import { openModels } from '../src/model/load.ts'
import type { Member, Operation, Service, ServiceDocumentation, Shape } from '../src/model/model.ts'
import { fileSource } from '../src/model/source.ts'

const ROOT = join(import.meta.dirname, '..')

/** Throws Error where two things would have one name. */
export function declarationsOf(service: Service, documentation?: ServiceDocumentation): string {
  return new Declarations(service, documentation).write()
}

/** How `aws` calls each service, and the name of its module. */
export function declarationOfNames(services: readonly string[]): string {
  const rows = services.map((name) => `${camelCased(name)}: '${name}'\n`)
  return `// How \`aws\` calls each service.\ndeclare module '../library/types.js' {\ninterface ServiceNames {\n${rows.join('')}}\n}\nexport {}\n`
}

type Side = 'input' | 'output'

/** Names that TypeScript keeps for itself. */
const KEPT = new Set(['any', 'unknown', 'never', 'number', 'bigint', 'boolean', 'string', 'symbol', 'void', 'object'])

class Declarations {
  readonly #service: Service
  readonly #documentation: ServiceDocumentation | undefined
  /** In the order they were met; a structure's text is there once it is whole. */
  readonly #declared = new Map<string, string>()
  /** Lists and maps on the way down: one that meets itself gets a name. */
  readonly #open = new Set<Shape>()

  constructor(service: Service, documentation: ServiceDocumentation | undefined) {
    this.#service = service
    this.#documentation = documentation
  }

  write(): string {
    const { name, metadata } = this.#service
    const factory = camelCased(name)
    const client = `${factory[0]!.toUpperCase()}${factory.slice(1)}`
    const operations = this.#service.operationNames.map((each) => this.#operation(this.#service.operation(each)))
    const errors = this.#errors()
    const waiters = this.#waiters()
    for (const own of [`${client}Client`, `${client}Errors`])
      if (this.#declared.has(own)) throw new Error(`${name} has a shape named ${own}`)
    return [
      `// ${metadata.serviceFullName}, ${metadata.apiVersion}: generated from AWS's model.\n`,
      `import type * as $ from '../library/types.js'\n`,
      ...this.#declared.values(),
      `/** The errors of ${metadata.serviceId} that have a name. */\nexport interface ${client}Errors {\n${errors}}\n`,
      `export interface ${client}Client extends $.Client<${client}Errors${waiters === '' ? '' : `, {\n${waiters}}`}> {\n`,
      ...operations,
      '}\n',
      `export declare const ${factory}: $.Factory<${client}Client>\n`,
      `declare module '../library/types.js' {\ninterface Services { ${factory}: Factory<${client}Client> }\n}\n`,
    ].join('')
  }

  #operation(operation: Operation): string {
    const { name, input, output } = operation
    const given = input ? this.#type(input, 'input') : '{}'
    const answered = output ? this.#type(output, 'output') : '{}'
    const free = !input?.shape.members.some(isAsked)
    const paginator = this.#service.paginator(name)
    const types = [given, answered, ...(paginator ? [this.#item(output, [paginator.result_key].flat()[0]!)] : [])]
    const kind = `${free ? 'Free' : ''}${paginator ? 'Listing' : 'Call'}`
    return `${commentOf(this.#documentation?.operations[name])}${methodOf(name)}: $.${kind}<${types.join(', ')}>\n`
  }

  /** What stands at `path` in a page: a list's element, a map's entries. */
  #item(output: Member | undefined, path: string): string {
    let member = output
    for (const part of path.split('.')) member = member?.shape.memberNamed(part)
    if (member?.shape.type === 'list') return this.#type(member.shape.member!, 'output')
    if (member?.shape.type === 'map') return `[string, ${this.#type(member.shape.value!, 'output')}]`
    return member ? this.#type(member, 'output') : 'never'
  }

  #errors(): string {
    const shapes = new Map<string, Shape>()
    for (const name of this.#service.operationNames)
      for (const shape of this.#service.operation(name).errors)
        shapes.set(shape.traits.error?.code ?? shape.name, shape)
    return [...shapes].map(([code, shape]) => `${quoted(code)}: ${this.#detail(shape)}\n`).join('')
  }

  /** Code and message are the error's own. */
  #detail(shape: Shape): string {
    const members = shape.members.filter(({ name }) => !/^(message|code)$/i.test(name))
    if (members.length === 0) return '{}'
    return `{ ${members.map((member) => `${quoted(member.name)}?: ${this.#type(member, 'output')}`).join('; ')} }`
  }

  #waiters(): string {
    return Object.entries(this.#service.waiters)
      .map(([name, { operation }]) => {
        const { input } = this.#service.operation(operation)
        return `${methodOf(name)}: $.Wait<${input ? this.#type(input, 'input') : '{}'}>\n`
      })
      .join('')
  }

  #type(member: Member, side: Side): string {
    const { shape, traits } = member
    if (shape.traits.document) return '$.Json'
    if (traits.jsonvalue) return '$.Json'
    switch (shape.type) {
      case 'structure':
        if (shape.traits.eventstream) return this.#events(shape, side)
        return this.#structure(shape, side)
      case 'list':
        return this.#nested(shape, () => arrayOf(this.#type(shape.member!, side)))
      case 'map':
        return this.#nested(shape, () => `$.Dictionary<${this.#type(shape.value!, side)}>`)
      case 'string':
      case 'character':
        return shape.traits.enum && shape.traits.enum.length > 0 ? this.#enumeration(shape) : 'string'
      case 'boolean':
        return 'boolean'
      case 'timestamp':
        return '$.Time'
      case 'blob':
        if (!traits.streaming) return '$.Bytes'
        return side === 'input' ? '$.BodySource' : '$.Body'
      case 'long':
      case 'biginteger':
        return '$.Long'
      default:
        return 'number'
    }
  }

  #structure(shape: Shape, side: Side): string {
    const name = nameOf(shape)
    if (this.#declared.has(name)) return name
    this.#declared.set(name, '')
    const members = shape.members.map((member) => {
      const optional = isUnion(shape) || isAsked(member) || isAnswerItself(member, side) ? '' : '?'
      return `${quoted(member.name)}${optional}: ${this.#type(member, side)}\n`
    })
    const text = isUnion(shape)
      ? `export type ${name} = $.OneOf<{\n${members.join('')}}>\n`
      : `export interface ${name} {\n${members.join('')}}\n`
    this.#declared.set(name, text)
    return name
  }

  /** Exceptions in a stream are thrown. */
  #events(shape: Shape, side: Side): string {
    const name = nameOf(shape)
    if (!this.#declared.has(name)) {
      const events = shape.members.filter((member) => !member.shape.traits.exception)
      const members = events.map((event) => `${quoted(event.name)}: ${this.#type(event, side)}\n`)
      this.#declared.set(name, `export type ${name} = $.OneOf<{\n${members.join('')}}>\n`)
    }
    return side === 'input' ? `$.EventSource<${name}>` : `AsyncIterable<${name}>`
  }

  #enumeration(shape: Shape): string {
    const name = nameOf(shape)
    if (!this.#declared.has(name))
      this.#declared.set(
        name,
        `export type ${name} = ${shape.traits.enum!.map((each) => JSON.stringify(each)).join(' | ')}\n`,
      )
    return name
  }

  #nested(shape: Shape, write: () => string): string {
    const name = nameOf(shape)
    if (this.#declared.has(name)) return name
    if (this.#open.has(shape)) {
      this.#declared.set(name, '')
      return name
    }
    this.#open.add(shape)
    const text = write()
    this.#open.delete(shape)
    if (!this.#declared.has(name)) return text
    this.#declared.set(name, `export type ${name} = ${text}\n`)
    return name
  }
}

/** DynamoDB's values were there before unions were: its model leaves out that exactly one member is set. */
function isUnion(shape: Shape): boolean {
  return shape.traits.union === true || (shape.name === 'AttributeValue' && shape.memberNamed('BOOL') !== undefined)
}

/** Whether a caller must give it: a token that is made where it is missing need not be. */
function isAsked({ required, traits }: Member): boolean {
  return required && !traits.idempotencyToken
}

/** A body or events that come are always there, if empty. */
function isAnswerItself({ traits, shape }: Member, side: Side): boolean {
  return (
    side === 'output' && ((traits.streaming === true && shape.type === 'blob') || shape.traits.eventstream === true)
  )
}

function nameOf({ name }: Shape): string {
  return KEPT.has(name) ? `${name}_` : name
}

function arrayOf(type: string): string {
  return `${type}[]`
}

function quoted(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
}

/** The first sentence, in one line. */
function commentOf(html: string | undefined): string {
  const text = html
    ?.replace(/<(note|important)>.*?<\/\1>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .replaceAll('*/', '')
    .trim()
  const sentence = text && (/^(.+?[.:])(?= [A-Z]|$)/.exec(text)?.[1] ?? text)
  if (!sentence) return ''
  return `/** ${sentence.length > 160 ? `${sentence.slice(0, sentence.lastIndexOf(' ', 157))} …` : sentence} */\n`
}

if (import.meta.main) {
  const models = await openModels({
    source: fileSource(join(ROOT, 'build/models.bin')),
    docs: fileSource(join(ROOT, 'build/docs.bin')),
  })
  const name = process.argv[2] ?? 's3'
  console.log(declarationsOf(await models.service(name), await models.documentation(name)))
}
