'use client'

/** `/wallet`: credit, grants, who pays, and the account's history, which is read anew whenever this page is opened. */

import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useState } from 'react'
import { Screen } from '@/components/driver/screen'
import { WalletScreen } from '@/components/driver/wallet-screen'
import { grantSerial } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import { askToKeepStorage } from '../_wallet/kept-storage'
import { useOnline } from '../_wallet/network'
import { WithPhone, type Ready } from '../_wallet/with-phone'

export function WalletPage() {
  const router = useRouter()
  return (
    <WithPhone opening={<Screen onBack={() => router.push('/account')} />}>
      {(ready) => <Wallet ready={ready} />}
    </WithPhone>
  )
}

function Wallet({ ready: { phone, nowS } }: { readonly ready: Ready }) {
  const router = useRouter()
  const online = useOnline()
  const [busy, setBusy] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  // The first reading begins with the page.
  const [isReading, setReading] = useState(true)
  const { acts, views, sync, state } = phone
  const signedIn = state.account?.signedIn === true

  /** History that cannot be read now is no fault: what was kept stays, with its age. */
  const read = async (act: Promise<Result<void, Refusal>>): Promise<void> => {
    setReading(true)
    await act
    setReading(false)
  }
  const refresh = useEffectEvent(() => {
    sync.kick()
    void acts.readHistory(phone).then(() => setReading(false))
    if (state.siteBook === null) void acts.readSites(phone)
  })
  useEffect(() => {
    if (online) refresh()
  }, [online])

  const carryOut = async (name: string, act: Promise<Result<void, Refusal>>): Promise<void> => {
    setBusy(name)
    setRefusal(null)
    const outcome = await act
    setBusy(null)
    if (!outcome.ok) {
      setRefusal(outcome.error)
      return
    }
    void askToKeepStorage()
    void read(acts.readHistory(phone))
  }
  return (
    <WalletScreen
      view={views.wallet(state, nowS, {
        online,
        historyState: online && isReading ? 'reading' : 'idle',
        busy,
        refusal,
      })}
      onAddFunds={() => router.push(signedIn ? '/top-up' : '/sign-in')}
      onRenew={(serial) =>
        void (serial === null
          ? carryOut('take-along', acts.takeAlong(phone))
          : carryOut(serial, acts.renewGrant(phone, grantSerial(serial))))
      }
      onGiveBack={(serial) => void carryOut(serial, acts.giveBackGrant(phone, grantSerial(serial)))}
      onPrepareTrip={() => router.push('/trip')}
      onJoinFleet={() => router.push('/claim')}
      onPayFrom={(purse) => void acts.prefer(phone, { payFrom: views.purseChosen(state, purse) })}
      onOlder={() => void read(acts.readOlderHistory(phone))}
      onOpenSession={(lineId) => {
        const sessionId = state.history?.lines.find(({ id }) => id === lineId)?.sessionId
        if (sessionId !== undefined) router.push(`/receipts/view?id=${sessionId}`)
      }}
      onBack={() => router.push('/account')}
    />
  )
}
