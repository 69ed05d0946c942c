'use client'

/** Wires the page: the desk, the language, and the worker that keeps it all for when there is no signal. */

import { useEffect, useSyncExternalStore } from 'react'
import { useLanguage } from '@/components/ui/language'
import { LanguageSwitch } from '@/components/ui/language-switch'
import { chooseLocale, localeNames } from '@/lib/format/locale'
import { registerServiceWorker } from '@/service-worker/register'
import { checkReceipt, clearDesk, receiptDesk, takeOtherRoot } from './receipt-desk'
import samples from './samples.json'
import { VerifyMessages } from './verify-messages'
import { VerifyScreen } from './verify-screen'

export function VerifyPage() {
  const [locale, setLocale] = useLanguage(chooseLocale)
  const { view, rootChanged } = useSyncExternalStore(
    receiptDesk.subscribe,
    receiptDesk.read,
    receiptDesk.readAtBuild,
  )
  useEffect(keepOffline, [])
  return (
    <VerifyMessages locale={locale}>
      <VerifyScreen
        view={view}
        rootChanged={rootChanged}
        onCheck={(text) => void checkReceipt(text)}
        onSample={(which) => void checkReceipt(samples[which])}
        onClear={clearDesk}
        onTakeRoot={takeOtherRoot}
        languages={(legend) => (
          <LanguageSwitch
            legend={legend}
            legendHidden
            names={localeNames}
            value={locale}
            onChange={setLocale}
          />
        )}
      />
    </VerifyMessages>
  )
}

/** A newer version takes over once the page is out of sight and nothing is on the desk. */
function keepOffline(): void {
  void registerServiceWorker({
    onUpdateReady: (apply) => {
      const applyWhenIdle = (): void => {
        if (document.visibilityState === 'hidden' && receiptDesk.read().view.kind === 'empty') apply()
      }
      document.addEventListener('visibilitychange', applyWhenIdle)
      applyWhenIdle()
    },
  })
}
