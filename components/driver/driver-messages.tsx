'use client'

/**
 * The driver app's words: English comes with the page, other languages as a file of their own, which the service worker
 * keeps. Pages are prerendered in English; while another language is on its way nothing is shown rather than the wrong
 * words (`data-words` and the rule in theme.css).
 */

import { useSyncExternalStore, type ReactNode } from 'react'
import type { IntlConfig } from 'use-intl'
import { useLanguage } from '@/components/ui/language'
import { Messages } from '@/components/ui/messages'
import { chooseLocale, type Locale } from '@/lib/format/locale'
import { common, driver, reasons } from '@/lib/format/messages/en.json'

type Words = NonNullable<IntlConfig['messages']>

const english: Words = { common, driver, reasons }
const loaded = new Map<Locale, Words>([['en', english]])
const listeners = new Set<() => void>()
const loading = new Set<Locale>()

const loaders: Readonly<Record<Exclude<Locale, 'en'>, () => Promise<Words>>> = {
  de: async () => {
    const words = await import('@/lib/format/messages/de.json')
    return { common: words.common, driver: words.driver, reasons: words.reasons }
  },
}

/** A file that cannot be loaded (an old cache) must not leave an empty page: English then stands in. */
function load(locale: Exclude<Locale, 'en'>): void {
  if (loading.has(locale)) return
  loading.add(locale)
  loaders[locale]()
    .catch(() => english)
    .then((words) => {
      loaded.set(locale, words)
      document.documentElement.lang = words === english ? 'en' : locale
      listeners.forEach((listener) => listener())
    })
}

function subscribe(onChange: () => void): () => void {
  listeners.add(onChange)
  return () => listeners.delete(onChange)
}

/** Undefined while the words are on their way. */
function wordsOf(locale: Locale): Words | undefined {
  const words = loaded.get(locale)
  if (words === undefined && locale !== 'en') load(locale)
  return words
}

export function DriverMessages({ children }: { readonly children: ReactNode }) {
  const [locale] = useLanguage(chooseLocale)
  const words = useSyncExternalStore(
    subscribe,
    () => wordsOf(locale),
    () => english,
  )
  const shown: Locale = words === undefined || words === english ? 'en' : locale
  return (
    <Messages locale={shown} messages={words ?? english}>
      <div data-words={shown} className="contents">
        {children}
      </div>
    </Messages>
  )
}
