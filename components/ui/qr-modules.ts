/** From text to the dark squares of a QR code, without drawing. */

import { create } from 'qrcode'

/** ISO/IEC 18004 alphanumeric mode: 5.5 bits a character, which is why our codes are Base45. */
const alphanumeric = /^[0-9A-Z $%*+\-./:]*$/

export interface QrModules {
  readonly version: number
  readonly size: number
  isDark(row: number, column: number): boolean
}

/**
 * The smallest code that holds the text. Larger modules read better than stronger correction, so level M is taken only
 * where it costs no version. Returns undefined for text that no QR code can hold.
 */
export function qrModules(text: string): QrModules | undefined {
  const segments = alphanumeric.test(text)
    ? [{ data: text, mode: 'alphanumeric' as const }]
    : [{ data: new TextEncoder().encode(text), mode: 'byte' as const }]
  try {
    const low = create(segments, { errorCorrectionLevel: 'L' })
    const medium = attempt(() => create(segments, { errorCorrectionLevel: 'M', version: low.version }))
    const { modules, version } = medium ?? low
    return { version, size: modules.size, isDark: (row, column) => modules.get(row, column) !== 0 }
  } catch {
    return undefined
  }
}

/** The encoder throws when text does not fit the version asked for. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}

/** One SVG path: a rectangle for each horizontal run of dark modules, offset by the quiet zone. */
export function qrPath(modules: QrModules, quietZone: number): string {
  const parts: string[] = []
  for (let row = 0; row < modules.size; row += 1) {
    let start = -1
    for (let column = 0; column <= modules.size; column += 1) {
      const dark = column < modules.size && modules.isDark(row, column)
      if (dark && start < 0) start = column
      if (!dark && start >= 0) {
        const width = column - start
        parts.push(`M${start + quietZone} ${row + quietZone}h${width}v1h-${width}z`)
        start = -1
      }
    }
  }
  return parts.join('')
}
