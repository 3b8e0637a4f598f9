// Percent-encoding as SigV4 and AWS's URIs want it: everything but RFC 3986's unreserved characters, in upper-case hex.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html (UriEncode)

/** `a b/c` → `a%20b%2Fc`. An unpaired surrogate counts as U+FFFD. */
export function percentEncode(text: string): string {
  if (/^[A-Za-z0-9\-._~]*$/.test(text)) return text
  return encodeURIComponent(wellFormed(text)).replace(
    /[!'()*]/g,
    (character) => '%' + character.charCodeAt(0).toString(16).toUpperCase(),
  )
}

/** The same, but slashes stay: for greedy labels and object keys. */
export function percentEncodePath(text: string): string {
  if (/^[A-Za-z0-9\-._~/]*$/.test(text)) return text
  return percentEncode(text).replaceAll('%2F', '/')
}

/** `%E1%88%B4` → `ሴ`. A '+' stays; malformed escapes stay; bytes that are not UTF-8 become U+FFFD. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
  }
}

/** The same for a name or value of a form or a query string, where a '+' is a space. */
export function formDecode(text: string): string {
  return percentDecode(text.replaceAll('+', ' '))
}

function wellFormed(text: string): string {
  return (text as string & { toWellFormed(): string }).toWellFormed()
}
