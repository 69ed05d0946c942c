/** The words of the chosen language. English comes with the script; another language is fetched once, from the cache. */

import { useSyncExternalStore } from 'react'
import { parseLocale, type Locale } from '@/lib/format/locale'
import type { Messages } from '@/lib/format/message-types'
import en from '@/lib/format/messages/en.json'

const loaders: Record<Exclude<Locale, 'en'>, () => Promise<{ default: Messages }>> = {
  de: () => import('@/lib/format/messages/de.json'),
}

const loaded = new Map<Locale, Messages>([['en', en]])
const loading = new Set<Locale>()
const listeners = new Set<() => void>()

async function load(locale: Exclude<Locale, 'en'>): Promise<void> {
  if (loaded.has(locale) || loading.has(locale)) return
  loading.add(locale)
  try {
    loaded.set(locale, (await loaders[locale]()).default)
  } catch {
    // Without signal and not in the cache: English is better than nothing.
    loaded.set(locale, en)
  }
  for (const listener of listeners) listener()
}

/** Asks for the language that the page is about to be shown in. */
export function loadWordsEarly(): void {
  const { lang } = document.documentElement
  const locale = parseLocale(lang)
  if (locale !== undefined && locale !== 'en') void load(locale)
}

/** Undefined until the language is here. */
export const useWords = (locale: Locale): Messages | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      if (locale !== 'en') void load(locale)
      return () => listeners.delete(listener)
    },
    () => loaded.get(locale),
    () => en,
  )
