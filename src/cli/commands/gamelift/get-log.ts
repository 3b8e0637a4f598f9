// The log of a game session, as the archive that GameLift keeps.

import { download } from '../../download.ts'
import { command } from '../command.ts'

export const getGameSessionLog = command({
  name: 'gamelift get-game-session-log',
  help: 'Download a compressed log file for a game session.',
  arguments: {
    'game-session-id': { required: true, help: 'The game session ID' },
    'save-as': { required: true, help: 'The filename to which the file should be saved (.zip)' },
  },
  run: async (given, context) => {
    const { 'game-session-id': session, 'save-as': file } = given as Record<string, string>
    const { PreSignedUrl } = await context.call('gamelift', 'GetGameSessionLogUrl', { GameSessionId: session })
    await download(await context.settings(), PreSignedUrl as string, file!, () => {
      context.write(`Downloading log archive for game session ${session}...\r`)
    })
    context.write(`Successfully downloaded log archive for game session ${session} to ${file}\n`)
    return 0
  },
})
