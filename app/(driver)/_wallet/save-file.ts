/** Hands a file made here to the person: by the share sheet where there is one, else as a download. Nothing is uploaded. */

/** Whether the share sheet takes files of this type. Unknown while nothing was made: browsers look at the file itself. */
export function canShareFile(name: string, type: string): boolean {
  try {
    return navigator.canShare?.({ files: [new File(['?'], name, { type })] }) ?? false
  } catch {
    return false
  }
}

export function saveFile(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has begun by then; holding the bytes longer would only cost memory.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
