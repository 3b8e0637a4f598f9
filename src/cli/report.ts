// What does a person read when something went wrong? One clear line on stderr (or a record, where one was asked for),
// and the exit code that goes with it. Never a stack trace outside --debug.

import { AwsError, Failure } from '../lib/errors.ts'
import { Float, isStructure, keysOf } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import { str } from '../lib/python.ts'
import type { Machine } from './door.ts'
import { EXIT, endingOf } from './exit-codes.ts'
import type { ErrorFormat, Globals } from './globals.ts'
import { errorRecord } from './output/error.ts'
import { formatOf } from './output/formats.ts'
import { operationOf } from './error-operation.ts'

/** What is known when the error comes: nothing of it need be. */
export interface Known {
  globals?: Globals
  /** `cli_error_format` of the profile, if the settings can be told. */
  configuredFormat?: () => Promise<string | undefined>
  /** What is said after the error where it was told in a line, if anything. */
  afterwards?: (error: unknown) => Promise<string>
  /** The error as one line for programs (VIRGA_ERRORS=json). */
  asRecord?: (error: unknown, told: { exit: number; message: string }) => Promise<string>
}

/** Writes the error and returns the exit code. */
export async function report(error: unknown, outside: Machine, known: Known): Promise<number> {
  if (error instanceof Failure && error.kind === 'Interrupted') {
    outside.stdout.write('\n')
    return EXIT.interrupted
  }
  if (known.globals?.debug === true && error instanceof Error) outside.stderr.write(`${error.stack ?? error.message}\n`)
  const { exit, message, record, before } = described(error)
  if (known.asRecord !== undefined) {
    outside.stderr.write(await known.asRecord(error, { exit, message }))
    return exit
  }
  let format: ErrorFormat = 'enhanced'
  try {
    if (record !== undefined) format = await errorFormat(outside, known)
  } catch (graver) {
    return report(graver, outside, { ...known, configuredFormat: undefined })
  }
  if (before !== undefined) outside.stderr.write(before)
  if (record === undefined || format === 'legacy') {
    outside.stderr.write(errorLine(legacyText(error) ?? message))
  } else if (format === 'enhanced') {
    outside.stderr.write(errorLine(message) + additionalDetails(record))
  } else {
    await writeRecord(record, format, outside, known.globals?.color === 'on')
    return exit
  }
  const more = await known.afterwards?.(error)
  if (more) outside.stderr.write(more)
  return exit
}

export function errorLine(message: string): string {
  return `\naws: [ERROR]: ${message.trimEnd()}\n`
}

interface Described {
  readonly exit: number
  readonly message: string
  /** Code, Message and what the service's error shape adds; undefined for errors that have no code. */
  readonly record?: Structure
  /** Goes before the line: a usage text. */
  readonly before?: string
}

function described(error: unknown): Described {
  if (error instanceof AwsError) {
    // Where XML came that is no error there is nothing to make a record of.
    const nothing = error.code === 'Unknown' && error.message === 'Unknown'
    return { exit: EXIT.service, message: serviceErrorText(error), ...(!nothing && { record: recordOf(error) }) }
  }
  if (error instanceof Failure) {
    const { exit, code } = endingOf(error.kind)
    const before = error.detail.before as string | undefined
    const text = withAdvice(error)
    if (code === undefined || before !== undefined)
      return { exit, message: text, ...(before === undefined ? {} : { before }) }
    return { exit, message: `An error occurred (${code}): ${text}`, record: { Code: code, Message: text } }
  }
  return { exit: EXIT.other, message: error instanceof Error ? error.message : String(error) }
}

function recordOf(error: AwsError): Structure {
  const operation = operationOf(error)
  if (operation === undefined) return { Code: error.code, Message: error.message }
  return errorRecord(operation, error, { timestampFormat: 'iso8601' })
}

function withAdvice({ kind, message }: Failure): string {
  if (kind === 'NoRegion' && !message.includes('aws configure')) {
    return `${message} You can also configure your region by running "aws configure".`
  }
  if (kind === 'NoCredentials' && !message.includes('aws login')) {
    return `${message.replace(/\.$/, '')}. You can configure credentials by running "aws login".`
  }
  return message
}

/** Legacy leaves out the code of what never reached a service. */
function legacyText(error: unknown): string | undefined {
  return error instanceof Failure ? withAdvice(error) : undefined
}

/** What a service's error says, in one sentence. */
export function serviceErrorText(error: AwsError): string {
  const { retries, maxAttemptsReached, operation } = error.response
  const retried = maxAttemptsReached === true && retries !== undefined ? ` (reached max retries: ${retries})` : ''
  return `An error occurred (${error.code}) when calling the ${operation ?? 'Unknown'} operation${retried}: ${error.message}`
}

/** The same of any error. */
export function errorText(error: unknown): string {
  if (error instanceof AwsError) return serviceErrorText(error)
  return error instanceof Error ? error.message : String(error)
}

const FORMATS: readonly string[] = ['legacy', 'json', 'yaml', 'text', 'table', 'enhanced']

async function errorFormat(outside: Machine, { globals, configuredFormat }: Known): Promise<ErrorFormat> {
  const wanted = globals?.errorFormat ?? outside.env.AWS_CLI_ERROR_FORMAT ?? (await configuredFormat?.())
  if (wanted === undefined || wanted === '') return 'enhanced'
  const format = wanted.toLowerCase()
  if (FORMATS.includes(format)) return format as ErrorFormat
  // The reference is silent about it once the command line is understood.
  if (configuredFormat === undefined)
    outside.stderr.write(`Invalid cli_error_format: '${format}'. Using 'enhanced' format.\n`)
  return 'enhanced'
}

const FEW = 5

function additionalDetails(record: Structure): string {
  const fields = keysOf(record).filter((key) => !['code', 'message'].includes(key.toLowerCase()))
  if (fields.length === 0) return ''
  let complex = false
  const lines = fields.map((key) => {
    const value = record[key] ?? null
    if (isSimple(value)) return `${key}: ${str(value)}`
    if (isSmall(value)) return `${key}: ${inline(value)}`
    complex = true
    return `${key}: <complex value>`
  })
  const hint = complex ? 'Use "--cli-error-format json" or another error format to see the full details.\n' : ''
  return `\nAdditional error details:\n${lines.join('\n')}\n${hint}`
}

function isSimple(value: Value): boolean {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value) || value instanceof Float
}

function isSmall(value: Value): boolean {
  const parts = Array.isArray(value) ? value : isStructure(value) ? Object.values(value) : undefined
  return parts !== undefined && parts.length < FEW && parts.every((part) => isSimple(part ?? null))
}

function inline(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(str).join(', ')}]`
  const map = value as Structure
  return `{${keysOf(map)
    .map((key) => `${key}: ${str(map[key] ?? null)}`)
    .join(', ')}}`
}

async function writeRecord(record: Structure, format: string, outside: Machine, color: boolean): Promise<void> {
  const formatter = await formatOf(format)
  const result = {
    operation: 'error',
    pages: (async function* () {
      yield record
    })(),
    whole: async () => record,
    paginated: false,
    resumeToken: () => undefined,
  }
  const write = (text: string): boolean => {
    outside.stderr.write(text)
    return true
  }
  await formatter.write(result, undefined, { write, terminal: false, columns: 80, color })
}
