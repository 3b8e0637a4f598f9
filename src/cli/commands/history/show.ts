// What one command did, event by event.

import { Failure } from '../../../lib/errors.ts'
import { existingHistory, historyFile } from '../../history/database.ts'
import type { Row } from '../../history/database.ts'
import { showText } from '../../show.ts'
import { command } from '../command.ts'
import { eventWriter } from './event-text.ts'

const LATEST = `SELECT * FROM records WHERE id = (SELECT id FROM records WHERE timestamp =
  (SELECT max(timestamp) FROM records)) ORDER BY timestamp`

export const show = command({
  name: 'history show',
  help:
    'Shows the various events related to running a specific CLI command. Without a command_id, those of the last ' +
    'command are shown.',
  arguments: {
    command_id: { nargs: '?', positional: true, default: 'latest', help: 'The ID of the CLI command to show.' },
    include: { nargs: '+', help: 'Events to only include: API_CALL, HTTP_REQUEST … Not together with --exclude.' },
    exclude: { nargs: '+', help: 'Events to exclude. Not together with --include.' },
    format: { choices: ['detailed'], default: 'detailed', help: 'How to show the events.' },
  },
  run: async (given, context) => {
    const { home, env, stdout } = context.outside
    const database = await existingHistory(historyFile(home, env))
    try {
      const { include, exclude } = given as Record<string, string[] | undefined>
      if (include !== undefined && exclude !== undefined) {
        throw new Failure('ParamValidation', 'Either --exclude or --include can be provided but not both')
      }
      const id = given.command_id as string
      const rows =
        id === 'latest'
          ? database.query<Row, []>(LATEST).all()
          : database.query<Row, [string]>('SELECT * FROM records WHERE id = ? ORDER BY timestamp').all(id)
      const wanted = rows.filter(({ event_type: type }) => include?.includes(type) ?? !exclude?.includes(type))
      const { color } = context.globals
      const textOf = eventWriter(color === 'on' || (color === 'auto' && stdout.terminal))
      await showText(wanted.map(textOf).join(''), context.globals, await context.settings(), context.outside)
      return 0
    } finally {
      database.close()
    }
  },
})
