/** Whether somebody wants the strongest contrast there is, whatever the device says; kept for next time. */

import { useSyncExternalStore } from 'react'
import { preference } from './preference'
import { contrastStorageKey } from './theme-script'

/** `auto`: as the device asks for (prefers-contrast). */
export type Contrast = 'auto' | 'more'

const store = preference<Contrast>(
  contrastStorageKey,
  (stored) => (stored === 'more' ? 'more' : 'auto'),
  (contrast) => (contrast === 'auto' ? null : contrast),
  (contrast) => {
    if (contrast === 'auto') document.documentElement.removeAttribute('data-contrast')
    else document.documentElement.setAttribute('data-contrast', contrast)
  },
)

export function useContrast(): readonly [Contrast, (contrast: Contrast) => void] {
  const contrast = useSyncExternalStore(store.subscribe, store.read, () => 'auto' as const)
  return [contrast, store.write]
}
