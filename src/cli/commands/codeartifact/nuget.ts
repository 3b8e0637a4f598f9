// `nuget` and `dotnet nuget` keep sources by name: the repository's is added, or changed where it is known.

import { runTool } from './tool.ts'
import type { Login } from './tool.ts'

export async function loginNuget(login: Login, tool: 'nuget' | 'dotnet'): Promise<void> {
  const list =
    tool === 'nuget'
      ? ['nuget', 'sources', 'list', '-format', 'detailed']
      : ['dotnet', 'nuget', 'list', 'source', '--format', 'detailed']
  const sources = sourcesIn(await runTool(login, tool, { words: list }))
  const url = `${login.endpoint}v3/index.json`
  const usual = `${login.domain}/${login.repository}`
  const known = [...sources].find(([, address]) => address === url)?.[0] ?? (sources.has(usual) ? usual : undefined)
  const name = known ?? usual
  const words = (tool === 'nuget' ? nugetWords : dotnetWords)(
    known === undefined ? 'add' : 'update',
    name,
    url,
    login.token,
  )
  if (login.dryRun) {
    login.write(`${words.join(' ')}\n`)
    return
  }
  try {
    await runTool(login, tool, { words })
  } catch (error) {
    login.write('Failed to update the NuGet.Config\n')
    throw error
  }
  login.write(
    known === undefined
      ? `Added source ${name} to the user level NuGet.Config\n`
      : `Updated source ${name} in the NuGet.Config\n`,
  )
  login.succeeded('nuget')
}

/**
 *   Registered Sources:
 *     1.  nuget.org [Enabled]
 *         https://api.nuget.org/v3/index.json
 */
function sourcesIn(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const sources = new Map<string, string>()
  lines.forEach((line, at) => {
    const [, name] = /^\d+\.\s(.+)\s\[.*\]/.exec(line.trim()) ?? []
    if (name !== undefined) sources.set(name.trim(), (lines[at + 1] ?? '').trim())
  })
  return sources
}

function nugetWords(operation: string, name: string, url: string, token: string): string[] {
  return ['nuget', 'sources', operation, '-name', name, '-source', url, '-username', 'aws', '-password', token]
}

function dotnetWords(operation: string, name: string, url: string, token: string): string[] {
  const which = operation === 'add' ? [url, '--name', name] : [name, '--source', url]
  // It cannot encrypt anywhere else.
  const clear = process.platform === 'win32' ? [] : ['--store-password-in-clear-text']
  return ['dotnet', 'nuget', operation, 'source', ...which, '--username', 'aws', '--password', token, ...clear]
}
