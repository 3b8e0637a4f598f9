// What was asked for before? `~/.aws/cli/prompt_history.json`, the file that AWS CLI's own prompt keeps:
// {"version": 1, "commands": ["ec2 describe-instances", …]}, the newest last.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { changeFile } from '../../../lib/shared-file.ts'

const MOST = 500

export function historyFile(home: string): string {
  return join(home, '.aws', 'cli', 'prompt_history.json')
}

/** Oldest first. A file that is not there or not understood holds nothing. */
export function readHistory(home: string): string[] {
  try {
    return commandsIn(readFileSync(historyFile(home), 'utf8'))
  } catch {
    return []
  }
}

/** A history that cannot be written is no reason not to run the command. */
export async function addToHistory(home: string, command: string): Promise<void> {
  try {
    await changeFile(historyFile(home), (text) => {
      const commands = [...(text === '' ? [] : commandsIn(text)), command].slice(-MOST)
      return JSON.stringify({ version: 1, commands })
    })
  } catch {
    // Nobody misses it now.
  }
}

function commandsIn(text: string): string[] {
  const { commands } = JSON.parse(text) as { commands?: unknown }
  return Array.isArray(commands) ? commands.filter((command) => typeof command === 'string') : []
}
