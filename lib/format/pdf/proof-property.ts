/** Where a receipt's PDF carries its proof: a property of the file, beside the code that people scan. */

export const proofProperty = 'OutpostProof'

const proofPattern = new RegExp(`/${proofProperty} \\(([\\w-]{1,8192})\\)`)

/** The proof (base64url) that a file made by this app carries; undefined in any other file. */
export const proofInPdf = (fileText: string): string | undefined =>
  isPdf(fileText) ? proofPattern.exec(fileText)?.[1] : undefined

export const isPdf = (fileText: string): boolean => fileText.startsWith('%PDF-')
