import { expect, test } from 'vitest'
import { readReceiptFile } from '@/app/verify/read-file'

const file = (text: string, type: string): Blob => new Blob([text], { type })
const noPicture = (): Promise<string | undefined> => Promise.reject(new Error('not a picture'))

test('a text is handed on as it is', async () => {
  expect(await readReceiptFile(file('OP1:ABC', 'text/plain'), noPicture)).toEqual({
    kind: 'text',
    text: 'OP1:ABC',
  })
})

test('a receipt’s PDF gives its proof, whatever the device calls its type', async () => {
  const pdf = '%PDF-1.4\n7 0 obj\n<< /Title (Receipt) /OutpostProof (abc_-9) >>\nendobj'
  for (const type of ['application/pdf', '']) {
    expect(await readReceiptFile(file(pdf, type), noPicture)).toEqual({ kind: 'text', text: 'abc_-9' })
  }
})

test('a PDF from elsewhere is told so, and its content is not taken for a receipt', async () => {
  expect(await readReceiptFile(file('%PDF-1.7 an invoice', 'application/pdf'), noPicture)).toEqual({
    kind: 'no-proof',
  })
})

test('a picture gives the text of its code, or says that there is none', async () => {
  const picture = file('', 'image/jpeg')
  expect(await readReceiptFile(picture, () => Promise.resolve('OP1:ABC'))).toEqual({
    kind: 'text',
    text: 'OP1:ABC',
  })
  expect(await readReceiptFile(picture, () => Promise.resolve(undefined))).toEqual({ kind: 'no-code' })
})

test('only the beginning of a large file is read', async () => {
  const found = await readReceiptFile(file('x'.repeat(1_000_000), 'text/plain'), noPicture)
  expect(found.kind === 'text' && found.text.length).toBe(262_144)
})
