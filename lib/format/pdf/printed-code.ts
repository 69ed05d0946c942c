/**
 * A QR code for paper that is carried about. On a screen large squares are all that counts; a card gets folds and scratches,
 * so here the stronger correction (level M) comes first, up to the version that poor cameras still read.
 */

import { create } from 'qrcode'
import type { PaperCode } from './paper-marks'

/** As on the ordinary path of phones and chargers (docs/adr/0005). */
const versionMost = 12

/** `text` is of QR's alphanumeric mode, as our own codes are. */
export function printedCode(text: string): PaperCode {
  const segments = [{ data: text, mode: 'alphanumeric' as const }]
  const medium = create(segments, { errorCorrectionLevel: 'M' })
  const { modules } = medium.version <= versionMost ? medium : create(segments, { errorCorrectionLevel: 'L' })
  return { size: modules.size, isDark: (row, column) => modules.get(row, column) !== 0 }
}
