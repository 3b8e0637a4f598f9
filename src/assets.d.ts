/** A file that the build embeds, imported `with { type: 'file' }`: its path, on disk or inside the executable. */
declare module '*.bin' {
  const path: string
  export default path
}
