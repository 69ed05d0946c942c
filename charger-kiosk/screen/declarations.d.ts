/** What the build puts in place of these names. */

declare const __OUTPOST_DEMO__: boolean

declare module '*.wasm?url' {
  const url: string
  export default url
}
