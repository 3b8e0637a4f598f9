// Paths as the reference prints them: relative to where one stands.

import { isAbsolute, relative } from 'node:path'

/** Remembers the last folder: files come folder by folder. */
export function pathShower(cwd: string): (path: string) => string {
  let folder: string | undefined
  let shown = ''
  return (path) => {
    const slash = path.lastIndexOf('/')
    const above = slash <= 0 ? '/' : path.slice(0, slash)
    if (above !== folder) {
      folder = above
      shown = isAbsolute(above) ? relative(cwd, above) || '.' : above
    }
    return `${shown}/${path.slice(slash + 1)}`
  }
}
