// Which commands of our own are there? One line each; a command's file is loaded when it is typed.

import type { Command } from './command.ts'

/** By what is typed: `ecr get-login-password`. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {}
