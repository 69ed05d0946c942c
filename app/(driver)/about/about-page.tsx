'use client'

/** `/about`: versions, trusted keys, and the report for support. */

import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { AboutScreen } from '@/components/driver/about-screen'
import { Screen } from '@/components/driver/screen'
import type { PhoneSurroundings } from '@/lib/wallet/diagnostics'
import { version } from '@/package.json'
import { copyText } from '../_wallet/keep-text'
import { WithPhone, type Ready } from '../_wallet/with-phone'
import { lookAround } from './look-around'

export function AboutPage() {
  const router = useRouter()
  return (
    <WithPhone opening={<Screen onBack={() => router.push('/account')} />}>
      {(ready) => <About ready={ready} />}
    </WithPhone>
  )
}

const builtAtS = Number(process.env.NEXT_PUBLIC_OUTPOST_BUILT_AT_S) || null
const subscribeToNothing = () => () => undefined
const browserShares = (): boolean => typeof navigator.share === 'function'

function About({ ready: { phone, nowS } }: { readonly ready: Ready }) {
  const router = useRouter()
  const { state, views, wallet } = phone
  const canShare = useSyncExternalStore(subscribeToNothing, browserShares, () => false)
  const [copied, setCopied] = useState(false)
  const around = useSurroundings()
  // The report is of one moment; it does not run on under the eyes of whoever reads it out.
  const report = useMemo(
    () => (around === null ? null : views.diagnostics(wallet.snapshot(), around, wallet.nowS())),
    [around, views, wallet],
  )
  return (
    <AboutScreen
      view={{
        version,
        builtAtS,
        trust: state.trust === null ? null : views.trust(state.trust),
        report,
        copied,
        canShare,
        nowS,
      }}
      onCopy={() => void copyText(report ?? '').then(setCopied)}
      onShare={() => {
        // Closing the sheet is no failure.
        void navigator.share({ title: 'Outpost', text: report ?? '' }).catch(() => undefined)
      }}
      onBack={() => router.push('/account')}
    />
  )
}

function useSurroundings(): PhoneSurroundings | null {
  const [around, setAround] = useState<PhoneSurroundings | null>(null)
  useEffect(() => {
    let left = false
    void lookAround({ appVersion: version, builtAtS }).then((found) => {
      if (!left) setAround(found)
    })
    return () => {
      left = true
    }
  }, [])
  return around
}
