/** Text that a person keeps: on the clipboard, or as a file. */

import { saveFile } from './save-file'

/** False where the browser does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

export const saveText = (fileName: string, text: string, type = 'text/plain'): void =>
  saveFile(fileName, text, type)
