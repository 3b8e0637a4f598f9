// Where are a person's files? Services and containers start programs without HOME: then the system says it, at the cost of
// a module that nothing else needs.

export function homeOf(env: Readonly<Record<string, string | undefined>>): string {
  return env['HOME'] ?? env['USERPROFILE'] ?? process.getBuiltinModule('node:os').homedir()
}
