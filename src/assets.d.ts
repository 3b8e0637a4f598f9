// Files that are embedded in the executable: importing one gives its path.

declare module '*.bin' {
  const path: string
  export default path
}
