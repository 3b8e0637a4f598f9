// Running a program for musl on a machine with glibc: Debian's musl is its loader, but Debian has no libstdc++ for it, which
// Alpine has. It is linked here of gcc's static one, with what that expects of glibc beside it.

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Witness } from '../witnesses/witnesses.ts'

const LOADER = '/lib/ld-musl-x86_64.so.1'

const OF_GLIBC = `
#include <stddef.h>
char __libc_single_threaded = 0;
int _dl_find_object(void *a, void *b) { return -1; }
unsigned arc4random(void) { return 4; }
extern size_t strftime_l(char *, size_t, const char *, const void *, void *);
size_t __strftime_l(char *a, size_t b, const char *c, const void *d, void *e) { return strftime_l(a, b, c, d, e); }
int __cxa_thread_atexit_impl(void (*f)(void *), void *o, void *d) { return 0; }
`

/** Makes the library in `folder`; the environment that a program for musl needs here. */
export function muslEnvironment(folder: string): Witness<Record<string, string>> {
  if (!existsSync(LOADER)) return { missing: 'there is no musl (apt-get install musl)' }
  if (Bun.which('gcc') === null) return { missing: 'there is no gcc to link a libstdc++ with' }
  const gcc = (...words: string[]): string =>
    Bun.spawnSync(['gcc', ...words], { cwd: folder, stderr: 'ignore' })
      .stdout.toString()
      .trim()
  const part = (name: string): string => gcc(`-print-file-name=${name}`)
  writeFileSync(join(folder, 'glibc.c'), OF_GLIBC)
  gcc('-c', '-fPIC', 'glibc.c', '-o', 'glibc.o')
  const whole = ['-Wl,--whole-archive', part('libstdc++.a'), part('libgcc_eh.a'), '-Wl,--no-whole-archive']
  const objects = [part('crtbeginS.o'), 'glibc.o', ...whole, part('libgcc.a'), part('crtendS.o')]
  gcc('-shared', '-nostdlib', '-Wl,-soname,libstdc++.so.6', ...objects, '-o', 'libstdc++.so.6')
  return existsSync(join(folder, 'libstdc++.so.6'))
    ? { found: { LD_LIBRARY_PATH: folder } }
    : { missing: 'no libstdc++ could be linked' }
}
