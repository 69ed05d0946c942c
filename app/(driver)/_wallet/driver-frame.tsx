'use client'

/** Language around every driver page, and what starts once with the app. */

import { useEffect, type ReactNode } from 'react'
import { useLanguage } from '@/components/ui/language'
import { Messages } from '@/components/ui/messages'
import { chooseLocale } from '@/lib/format/locale'
import { keepAppOnPhone } from './app-updates'
import { joinDemo } from './demo'
import { repeatEarlyTap } from './early-taps'
import { listenForInstall } from './install'
import { openPhone } from './phone-host'
import { SealGate } from './seal-gate'
import { wasUsed } from './used-phone'
import { loadWordsEarly, useWords } from './words'

// In the order of what the first screen waits for; all of it beside React's waking up, not after it.
if (typeof window !== 'undefined') {
  joinDemo()
  openPhoneInTurn()
  loadWordsEarly()
  listenForInstall()
  keepAppOnPhone()
}

/** Whoever has used this phone waits for the wallet; a newcomer reads first, and has an empty one. */
function openPhoneInTurn(): void {
  if (wasUsed() || document.readyState === 'complete') openPhone()
  else window.addEventListener('load', () => setTimeout(openPhone), { once: true })
}

/** Pages are drawn in English at build time; theme.css hides them until another language is here. */
export function DriverFrame({ children }: { readonly children: ReactNode }) {
  const [locale] = useLanguage(chooseLocale)
  const words = useWords(locale)
  // After everything inside is awake.
  useEffect(repeatEarlyTap, [])
  return (
    <div data-words={words === undefined ? 'en' : locale}>
      {words === undefined ? null : (
        <Messages locale={locale} messages={words}>
          <SealGate>{children}</SealGate>
        </Messages>
      )}
    </div>
  )
}
