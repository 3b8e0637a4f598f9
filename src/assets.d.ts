// Files that are embedded in the executable: importing one gives its path, or those of its pieces.

declare module '*.bin' {
  const path: string | readonly string[]
  export default path
}
