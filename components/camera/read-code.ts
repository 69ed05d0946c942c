/**
 * Finds QR codes in a picture. A thin wrapper around zxing, which reads under tilt, blur and poor light where smaller
 * libraries are blind. The library and its WebAssembly load on first use, and only once.
 */

/** The part of ImageData that decoding needs, so that Node can run it too. */
export interface Picture {
  readonly data: Uint8ClampedArray<ArrayBuffer>
  readonly width: number
  readonly height: number
}

/** Resolves to the texts of all readable codes, best first; rejects only when the decoder itself cannot load. */
export type CodeReader = (picture: Picture) => Promise<readonly string[]>

/** Where the decoder is: its address in a browser, its bytes in Node. */
export type WasmLocation = { readonly url: string } | { readonly bytes: ArrayBuffer }

/** A poster or a sticker may stand beside our code; the caller decides which text is its own. */
const codesInPictureMax = 4

let loading: Promise<CodeReader> | undefined

/** Loads the decoder. A failed load (a lost connection) may be tried again by calling once more. */
export function loadCodeReader(wasm: WasmLocation): Promise<CodeReader> {
  loading ??= load(wasm).catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

async function load(wasm: WasmLocation): Promise<CodeReader> {
  const zxing = await import('zxing-wasm/reader')
  await zxing.prepareZXingModule({
    overrides: 'url' in wasm ? { locateFile: () => wasm.url } : { wasmBinary: wasm.bytes },
    fireImmediately: true,
  })
  return async (picture) => {
    const results = await zxing.readBarcodes(picture as ImageData, {
      formats: ['QRCode'],
      tryHarder: true,
      // A QR code is read at any angle; turning the picture serves linear codes only.
      tryRotate: false,
      // Ours are always dark on white: inverted copies are not worth half of the time.
      tryInvert: false,
      tryDownscale: true,
      maxNumberOfSymbols: codesInPictureMax,
      textMode: 'Plain',
    })
    return results.filter((result) => result.isValid && result.text !== '').map((result) => result.text)
  }
}
