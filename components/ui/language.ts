/** Which language the person reads, kept for next time. The caller says which exist and how one is chosen. */

import { useSyncExternalStore } from 'react'
import { preference } from './preference'
import { localeStorageKey } from './theme-script'

const stored = preference<string | null>(
  localeStorageKey,
  (text) => text,
  (language) => language,
  (language) => {
    if (language !== null) document.documentElement.lang = language
  },
)

/** `choose` gets the stored choice and the browser's list; on the server it gets nothing and must have a default. */
export function useLanguage<Language extends string>(
  choose: (stored: string | null, preferred: readonly string[]) => Language,
): readonly [Language, (language: Language) => void] {
  const language = useSyncExternalStore(
    stored.subscribe,
    () => choose(stored.read(), navigator.languages),
    () => choose(null, []),
  )
  return [language, stored.write]
}
