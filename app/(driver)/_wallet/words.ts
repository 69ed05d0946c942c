/** The words of the chosen language. English comes with the script; another language is fetched once, from the cache. */

import { useSyncExternalStore } from 'react'
import { parseLocale, type Locale } from '@/lib/format/locale'
import type { Messages } from '@/lib/format/message-types'
// One by one: the words of touchscreens and consoles stay out of a phone's first page.
import common from '@/lib/format/messages/en/common.json'
import driver from '@/lib/format/messages/en/driver.json'
import reasons from '@/lib/format/messages/en/reasons.json'
import receipt from '@/lib/format/messages/en/receipt.json'

type Words = Pick<Messages, 'common' | 'driver' | 'reasons' | 'receipt'>

const en: Words = { common, driver, reasons, receipt }
const loaders: Record<Exclude<Locale, 'en'>, () => Promise<Words>> = {
  de: () => import('./german-words'),
}

const loaded = new Map<Locale, Words>([['en', en]])
const loading = new Set<Locale>()
const listeners = new Set<() => void>()

async function load(locale: Exclude<Locale, 'en'>): Promise<void> {
  if (loaded.has(locale) || loading.has(locale)) return
  loading.add(locale)
  try {
    const { common, driver, reasons, receipt } = await loaders[locale]()
    loaded.set(locale, { common, driver, reasons, receipt })
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
export const useWords = (locale: Locale): Words | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      if (locale !== 'en') void load(locale)
      return () => listeners.delete(listener)
    },
    () => loaded.get(locale),
    () => en,
  )
