'use client'

/** The page's words. English comes with it; German is a file of its own, which the service worker keeps. */

import { useSyncExternalStore, type ReactNode } from 'react'
import type { IntlConfig } from 'use-intl'
import { Messages } from '@/components/ui/messages'
import type { Locale } from '@/lib/format/locale'
import common from '@/lib/format/messages/en/common.json'
import receipt from '@/lib/format/messages/en/receipt.json'
import verify from '@/lib/format/messages/en/verify.json'

type Words = NonNullable<IntlConfig['messages']>

const english: Words = { common, receipt, verify }
let german: Words | undefined
let isLoading = false
const listeners = new Set<() => void>()

async function loadGerman(): Promise<void> {
  if (isLoading) return
  isLoading = true
  try {
    const words = await import('./german-words')
    german = { common: words.common, receipt: words.receipt, verify: words.verify }
  } catch {
    // Without a network and not kept yet: English is better than an empty page.
    german = english
  }
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

/** Pages are drawn in English at build time; `data-words` and a rule in theme.css hide it from readers of German. */
export function VerifyMessages({
  locale,
  children,
}: {
  readonly locale: Locale
  readonly children: ReactNode
}) {
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
