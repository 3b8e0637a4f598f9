// Twine reads repositories and passwords from ~/.pypirc, an INI file of Python's.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import { parseIni } from '../../../lib/ini.ts'
import { replaceSecret } from '../../../lib/shared-file.ts'
import type { Login } from './tool.ts'

export async function loginTwine(login: Login): Promise<void> {
  const path = join(login.outside.home, '.pypirc')
  const text = pypirc(path, login)
  if (login.dryRun) {
    login.write(
      `Dryrun mode is enabled, not writing to pypirc.\n${path} would have been set to the following:\n\n${text}\n`,
    )
    return
  }
  replaceSecret(path, text)
  login.succeeded('twine')
}

type Sections = Map<string, Record<string, string>>

function pypirc(path: string, login: Login): string {
  const own = { repository: login.endpoint, username: 'aws', password: login.token }
  if (!existsSync(path)) {
    const sections: Sections = new Map()
    sections.set('distutils', { 'index-servers': '\npypi\ncodeartifact' }).set('codeartifact', own)
    return written(sections)
  }
  try {
    const sections = parseIni(readFileSync(path, 'utf8'), { blocks: false }) as unknown as Sections
    const listed = sections.get('distutils')?.['index-servers']
    if (listed === undefined) throw new Failure('InvalidValue', "No section: 'distutils'")
    const servers = listed
      .split('\n')
      .map((server) => server.trim())
      .filter((server) => server !== '')
    if (!servers.includes('codeartifact')) {
      sections.get('distutils')!['index-servers'] = `\n${[...servers, 'codeartifact'].join('\n')}`
    }
    sections.set('codeartifact', { ...sections.get('codeartifact'), ...own })
    return written(sections)
  } catch (error) {
    login.write(`${path} is in an invalid state.\n`)
    throw error instanceof Failure ? error : new Failure('InvalidValue', (error as Error).message)
  }
}

/** As Python's RawConfigParser writes: `=` whatever stood there, lines of a value behind a tab. */
function written(sections: Sections): string {
  return [...sections]
    .map(([name, values]) => {
      const lines = Object.entries(values).map(([key, value]) => `${key} = ${value.replaceAll('\n', '\n\t')}`.trimEnd())
      return `[${name}]\n${lines.join('\n')}\n\n`
    })
    .join('')
}
