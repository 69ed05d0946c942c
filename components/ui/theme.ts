/** Which light the person wants, applied to the document and kept for next time. */

import { useSyncExternalStore } from 'react'
import { preference } from './preference'
import { themeStorageKey } from './theme-script'

export type Theme = 'day' | 'night' | 'auto'

const store = preference<Theme>(
  themeStorageKey,
  (stored) => (stored === 'day' || stored === 'night' ? stored : 'auto'),
  (theme) => (theme === 'auto' ? null : theme),
  (theme) => {
    if (theme === 'auto') document.documentElement.removeAttribute('data-theme')
    else document.documentElement.setAttribute('data-theme', theme)
  },
)

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(store.subscribe, store.read, () => 'auto' as const)
  return [theme, store.write]
}
