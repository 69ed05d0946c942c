/**
 * A mark beside the wallet that says whether anything was ever done on this phone. It is read before the first paint
 * (theme-script.ts), long before the wallet is open, and decides nothing but which screen `/` shows in the meantime.
 */

import { usedAttribute, usedStorageKey } from '@/components/ui/theme-script'

export const wasUsed = (): boolean => document.documentElement.hasAttribute(usedAttribute)

/** Keeps the mark as the opened wallet is. */
export function markUsed(isUsed: boolean): void {
  if (wasUsed() === isUsed) return
  document.documentElement.toggleAttribute(usedAttribute, isUsed)
  try {
    if (isUsed) localStorage.setItem(usedStorageKey, '1')
    else localStorage.removeItem(usedStorageKey)
  } catch {
    // Without storage the first screen shows what the app does until the wallet is open.
  }
}
