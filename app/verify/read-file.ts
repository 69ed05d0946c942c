/** What a chosen file holds: the text of a receipt, the proof in a receipt's PDF, or a code in a picture of either. */

import { isPdf, proofInPdf } from '@/lib/format/pdf/proof-property'

/** A receipt's PDF has about 40 kB, its text 1 kB. Larger files are no receipts; they are not even read to the end. */
const fileBytesMax = 262_144

/** Copied there by service-worker/build.mjs. */
export const scannerUrl = '/zxing/zxing_reader.wasm'

export type FileFinding =
  | { readonly kind: 'text'; readonly text: string }
  /** A picture in which no code can be read, or a PDF from elsewhere. */
  | { readonly kind: 'no-code' }
  | { readonly kind: 'no-proof' }

export type ReadPicture = (picture: Blob) => Promise<string | undefined>

/** Nothing leaves the device: `readPicture` decodes here as well. */
export async function readReceiptFile(
  file: Pick<File, 'type' | 'slice'> & Blob,
  readPicture: ReadPicture = readByScanner,
): Promise<FileFinding> {
  if (file.type.startsWith('image/')) {
    const text = await readPicture(file)
    return text === undefined ? { kind: 'no-code' } : { kind: 'text', text }
  }
  const text = await file.slice(0, fileBytesMax).text()
  if (!isPdf(text)) return { kind: 'text', text }
  const proof = proofInPdf(text)
  return proof === undefined ? { kind: 'no-proof' } : { kind: 'text', text: proof }
}

async function readByScanner(picture: Blob): Promise<string | undefined> {
  const { readCodeFromPicture } = await import('@/components/camera/read-code-from-picture')
  const text = await readCodeFromPicture(picture, scannerUrl)
  return text.ok ? text.value : undefined
}
