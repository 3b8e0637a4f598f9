// Commands that AWS CLI does not have. What is below one of them is ours, too.

/** By the first word: what it, or what is below it, is for. */
export const ours: Readonly<Record<string, string>> = {
  completion: 'Prints the script that completes command lines in a shell.',
  describe: 'Tells programs what can be called, with which input and which permissions.',
  explain: 'Explains where credentials, settings and endpoints come from, why IAM refused, and what a policy means.',
  keys: 'Keeps long-term keys in the keychain of this machine instead of a file.',
  local: 'The local AWS: an account in a folder, for --profile local and for servers.',
  mcp: 'Serves AWS to a program that speaks the Model Context Protocol.',
  mfa: 'Enrols devices for MFA, and makes sessions with them.',
  models: 'Fetches newer API models: new services and operations without a new program.',
  presign: 'Makes a link with which anybody may make one call for a while.',
  shim: 'Lets scripts that call aws call this program.',
  sign: 'Signs a request, and prints or sends it.',
  use: 'Shows how to switch a shell to a profile, with the time left for the prompt.',
  whoami: 'Shows whose identity is in use, and where it came from.',
}

/** `path`: a command's words. */
export function isOurs(path: string): boolean {
  return Object.hasOwn(ours, path.split(' ')[0]!)
}
