// The environment variables that are this program's own, beside those of AWS that the table of settings names.

export const environment: Readonly<Record<string, string>> = {
  VIRGA_HOME: 'Where the local account, fetched models and state are kept; `~/.virga` by default.',
  VIRGA_READ_ONLY:
    '`1`, or anything but `0`, `false`, `no` and `off`: only operations that look are sent, as with `--read-only`.',
  VIRGA_ERRORS: '`json`: every error is one line of JSON on stderr; see [errors](errors.md).',
  VIRGA_DENIALS: '`plain`, `hint` or `explain`: what is said after a denial; `virga_denials` of the profile.',
  VIRGA_MODELS: 'A file of compiled API models to use instead of those inside the program.',
  VIRGA_STORE: 'Where `virga local start` keeps the account instead: `postgres://…`; as `--store`.',
  VIRGA_SHARED_RATE_LIMIT:
    '`true`: all processes slow down together after a throttle; `shared_rate_limit` of the profile.',
}
