#!/usr/bin/env node
// Starts the program that npm chose for this machine; it stands in a package of its own.

import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const system = process.platform === 'win32' ? 'windows' : process.platform
const program = process.platform === 'win32' ? 'virga.exe' : 'virga'
const names = ['', '-musl'].map((libc) => `@virga/cli-${system}-${process.arch}${libc}`)

const found = names.flatMap((name) => {
  try {
    return [require.resolve(`${name}/bin/${program}`)]
  } catch {
    return []
  }
})

function start([path, ...others]) {
  if (path === undefined) {
    console.error(
      `virga: there is no program for ${system} ${process.arch} here. ` +
        `npm leaves it out with --omit=optional; it is in ${names[0]}.`,
    )
    process.exit(255)
  }
  const child = spawn(path, process.argv.slice(2), { stdio: 'inherit', argv0: 'virga' })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']
  // The terminal sends them to both: the child decides.
  const forward = signals.map((signal) => [signal, () => signal !== 'SIGINT' && child.kill(signal)])
  for (const [signal, act] of forward) process.on(signal, act)
  const done = () => forward.forEach(([signal, act]) => process.off(signal, act))
  child.on('error', (error) => {
    done()
    // Made for another C library: the next, if there is one.
    if (error.code === 'ENOENT' && others.length > 0) return start(others)
    console.error(`virga: ${path} cannot be started: ${error.message}`)
    process.exitCode = 255
  })
  child.on('exit', (code, signal) => {
    done()
    if (signal !== null) process.kill(process.pid, signal)
    else process.exitCode = code
  })
}

start(found)
