'use client'

/** The words of a public page. English comes with it; German is a file of its own, fetched when somebody reads German. */

import { useSyncExternalStore, type ReactNode } from 'react'
import type { IntlConfig } from 'use-intl'
import { Messages } from '@/components/ui/messages'
import type { Locale } from '@/lib/format/locale'

export type Words = NonNullable<IntlConfig['messages']>

export interface PageWordsProps {
  readonly locale: Locale
  readonly children: ReactNode
}

/** Pages are drawn in English at build time; `data-words` and a rule in theme.css hide it from readers of German. */
export function pageWords(english: Words, importGerman: () => Promise<Words>) {
  let german: Words | undefined
  let isLoading = false
  const listeners = new Set<() => void>()

  async function loadGerman(): Promise<void> {
    if (isLoading) return
    isLoading = true
    // Without a network and not kept yet: English is better than an empty page.
    german = await importGerman().catch(() => english)
    for (const listener of listeners) listener()
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  function wordsOf(locale: Locale): Words | undefined {
    if (locale === 'en') return english
    if (german === undefined) void loadGerman()
    return german
  }

  return function PageWords({ locale, children }: PageWordsProps) {
    const words = useSyncExternalStore(
      subscribe,
      () => wordsOf(locale),
      () => english,
    )
    const shown = words === undefined || words === english ? 'en' : locale
    return (
      <Messages locale={shown} messages={words ?? english}>
        <div data-words={words === english && locale !== 'en' ? locale : shown} className="contents">
          {children}
        </div>
      </Messages>
    )
  }
}
