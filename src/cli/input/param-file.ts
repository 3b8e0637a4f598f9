// What does an argument mean that names a file: `file://policy.json`, `fileb://image.png`, the path of a body to send?

import { Failure } from '../../lib/errors.ts'
import { fs, readFile } from '../../lib/files.ts'
import { repr } from '../../lib/python.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What was read could not be: the message without the argument's name. */
export class ParamFileError extends Error {}

/**
 * The contents of the file that `value` names by `file://` (text) or `fileb://` (bytes); undefined where it names none.
 * `~` and `$VAR` are expanded, line ends become `\n`, nothing is stripped. Throws ParamFileError.
 */
export function paramFile(value: string, env: Environment): string | Uint8Array | undefined {
  const binary = value.startsWith('fileb://')
  if (!binary && !value.startsWith('file://')) return undefined
  const path = expandPath(value.slice(binary ? 8 : 7), env)
  let bytes: Uint8Array
  try {
    bytes = readFile(path)
  } catch (error) {
    throw new ParamFileError(`Unable to load paramfile ${value}: ${pythonError(error, path)}`)
  }
  if (binary) return bytes
  try {
    return new TextDecoder(env.AWS_CLI_FILE_ENCODING || 'utf-8', { fatal: true, ignoreBOM: true })
      .decode(bytes)
      .replace(/\r\n?/g, '\n')
  } catch (error) {
    if (error instanceof RangeError) {
      throw new Failure('InvalidValue', `unknown encoding: ${env.AWS_CLI_FILE_ENCODING}`)
    }
    throw new ParamFileError(
      `Unable to load paramfile (${path}), text contents could not be decoded.  If this is a binary file, please use ` +
        'the fileb:// prefix instead of the file:// prefix.',
    )
  }
}

/** The file a streaming body is read from, sized and replayable; undefined unless it is a regular file. */
export async function bodyFile(value: string, env: Environment): Promise<Blob | undefined> {
  const path = expandPath(value, env)
  if (path.includes('\0') || !fs().statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined
  if (typeof Bun !== 'undefined') return Bun.file(path, { type: '' })
  const { openAsBlob } = await import('node:fs')
  return openAsBlob(path)
}

/** Python's expandvars over expanduser: `~`, `$NAME` and `${NAME}`; what is not set stays as it is typed. */
export function expandPath(path: string, env: Environment): string {
  const fromHome = path.replace(/^~(?=\/|$)/, () => (env.HOME ?? '~').replace(/\/+$/, ''))
  return fromHome.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, bare?: string, braced?: string) => {
    return env[bare ?? braced ?? ''] ?? whole
  })
}

const ERRNO: Readonly<Record<string, string>> = {
  ENOENT: '[Errno 2] No such file or directory',
  EACCES: '[Errno 13] Permission denied',
  ENOTDIR: '[Errno 20] Not a directory',
  EISDIR: '[Errno 21] Is a directory',
  ENAMETOOLONG: '[Errno 36] File name too long',
  ELOOP: '[Errno 40] Too many levels of symbolic links',
}

/** `[Errno 2] No such file or directory: 'x'`: Python's str() of an OSError. */
export function pythonError(error: unknown, path: string): string {
  const { code, message } = error as NodeJS.ErrnoException
  return `${ERRNO[code ?? ''] ?? message}: ${repr(path)}`
}
