'use client'

/** The demo's frame: languages around the stage. */

import { useSyncExternalStore } from 'react'
import { Messages } from '@/components/ui/messages'
import { chooseLocale, type Locale } from '@/lib/format/locale'
import { localeStorageKey } from '@/components/ui/theme-script'
import { de } from '@/lib/format/messages/de'
import { en } from '@/lib/format/messages/en'
import { DemoStage, type DemoStageProps } from './demo-stage'

const words = { en, de } as const

const subscribe = (onChange: () => void): (() => void) => {
  window.addEventListener('storage', onChange)
  return () => window.removeEventListener('storage', onChange)
}
const currentLocale = (): Locale =>
  chooseLocale(window.localStorage.getItem(localeStorageKey), window.navigator.languages)
const serverLocale = (): Locale => 'en'

export function DemoPage(props: DemoStageProps) {
  const locale = useSyncExternalStore(subscribe, currentLocale, serverLocale)
  return (
    <Messages locale={locale} messages={words[locale]} timeZone="UTC">
      <DemoStage {...props} />
    </Messages>
  )
}
