// Which commands were run, when, and how did they end?

import { Failure } from '../../../lib/errors.ts'
import { existingHistory, historyFile } from '../../history/database.ts'
import { showText } from '../../show.ts'
import { command } from '../command.ts'

interface Line {
  id: string
  timestamp: number
  args: string
  rc: string
}

/** A command shows here once it has ended. */
const QUERY = `SELECT a.id AS id, a.timestamp AS timestamp, a.payload AS args, b.payload AS rc
  FROM records a, records b
  WHERE a.event_type = 'CLI_ARGUMENTS' AND b.event_type = 'CLI_RC' AND a.id = b.id
  ORDER BY a.timestamp DESC`

const ARGUMENTS = 50

export const list = command({
  name: 'history list',
  help: 'Shows a list of previously run commands and their command_ids.',
  arguments: {},
  run: async (_, context) => {
    const { home, env } = context.outside
    const database = await existingHistory(historyFile(home, env))
    try {
      const lines = database.query<Line, []>(QUERY).all()
      if (lines.length === 0) {
        throw new Failure(
          'InvalidValue',
          'No commands were found in your history. Make sure you have enabled history mode by adding "cli_history = ' +
            'enabled" to the config file.',
        )
      }
      await showText(lines.map(lineText).join(''), context.globals, await context.settings(), context.outside)
      return 0
    } finally {
      database.close()
    }
  },
})

function lineText({ id, timestamp, args, rc }: Line): string {
  const words = (JSON.parse(args) as string[]).slice(0, 2).join(' ')
  const shown = words.length >= ARGUMENTS ? `${words.slice(0, ARGUMENTS - 4)}...` : words
  return `${id.padEnd(38)}${localTime(timestamp).padEnd(24)}${shown.padEnd(ARGUMENTS)}${rc}\n`
}

/** `2026-01-02 03:04:05 PM`. */
function localTime(timestamp: number): string {
  const date = new Date(timestamp)
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const hours = date.getHours()
  return `${day} ${two(hours % 12 || 12)}:${two(date.getMinutes())}:${two(date.getSeconds())} ${hours < 12 ? 'AM' : 'PM'}`
}
