// What main hands to the command line: the world outside, and the one door to the local AWS.

import type { Send } from '../http/message.ts'
import type { Models } from '../model/model.ts'
import type { Keychain } from './keychain.ts'

/** The machine the command is typed on. */
export interface Machine {
  argv: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  home: string
  cwd: string
  clock: () => Date
  stdout: { write(text: string | Uint8Array): boolean; terminal: boolean; columns: number }
  stderr: { write(text: string): void; terminal: boolean }
  stdin: { read(): Promise<Uint8Array>; terminal: boolean }
  /** Nobody sits at it: nothing is asked, not at the terminal either. */
  unattended?: boolean
}

export interface Outside extends Machine {
  models: Models
  local: LocalDoor
  /** The operating system's, where it is left out. Tests have one of their own. */
  keychain?: Keychain
  /** Ways to send that are not sockets, by URL scheme, beside the local AWS's own. Tests answer for AWS here. */
  doors?: Readonly<Record<string, Send>>
}

/** The local AWS as the command line may see it: requests in signed bytes, and what only main can do: start a server. */
export interface LocalDoor {
  send: Send
  /** The section of the built-in profile `local`: keys of the administrator, region, `endpoint_url = virga-local:`. Makes the account on first use. */
  profile(): Promise<Readonly<Record<string, string>>>
  /** `virga local start|stop|status|reset|env|…`: everything about serving that is not a request. */
  command(args: readonly string[], outside: Outside): Promise<number>
  /** How each of these is typed, by its name. */
  commands(): Promise<Readonly<Record<string, LocalForm>>>
}

export interface LocalForm {
  readonly about: string
  /** Which words it takes beside options, as a synopsis has them: `[list|delete NAME]`. */
  readonly words?: string
  /** `value`: what stands for it in a synopsis: `json|text`, `FILE`. */
  readonly options?: Readonly<Record<string, { readonly value?: string; readonly about: string }>>
}
