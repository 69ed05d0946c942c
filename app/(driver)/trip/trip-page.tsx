'use client'

/** `/trip`: what was taken along, which sites, how much. The steps of one page, so that the way back is one step. */

import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useState } from 'react'
import { Screen } from '@/components/driver/screen'
import { TripConfirmScreen } from '@/components/driver/trip-confirm-screen'
import { TripScreen } from '@/components/driver/trip-screen'
import { TripSitesScreen } from '@/components/driver/trip-sites-screen'
import { grantSerial } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import { askToKeepStorage } from '../_wallet/kept-storage'
import { useOnline } from '../_wallet/network'
import { WithPhone, type Ready } from '../_wallet/with-phone'

export function TripPage() {
  const router = useRouter()
  return (
    <WithPhone opening={<Screen onBack={() => router.push('/account')} />}>
      {(ready) => <Trip ready={ready} />}
    </WithPhone>
  )
}

type Step = 'taken' | 'sites' | 'amount'

function Trip({ ready: { phone, nowS } }: { readonly ready: Ready }) {
  const router = useRouter()
  const online = useOnline()
  const [step, setStep] = useState<Step>('taken')
  const [choice, setChoice] = useState(phone.views.tripStart)
  const [wantedMinor, setWantedMinor] = useState<number | null>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const { acts, views, sync, state } = phone
  const refresh = useEffectEvent(() => {
    sync.kick()
    void acts.readSites(phone)
  })
  useEffect(() => {
    if (online) refresh()
  }, [online])
  useEffect(() => {
    window.scrollTo(0, 0)
  }, [step])

  const go = (next: Step): void => {
    setRefusal(null)
    setStep(next)
  }
  const giveBack = async (serial: string): Promise<void> => {
    setBusy(serial)
    const given = await acts.giveBackGrant(phone, grantSerial(serial))
    setBusy(null)
    setRefusal(given.ok ? null : given.error)
  }
  const pack = async (capMinor: number): Promise<void> => {
    setBusy('packing')
    setRefusal(null)
    const packed = await acts.takeTrip(phone, choice.siteIds, capMinor)
    setBusy(null)
    if (!packed.ok) {
      setRefusal(packed.error)
      return
    }
    void askToKeepStorage()
    setChoice(views.tripStart)
    setWantedMinor(null)
    setStep('taken')
  }
  const confirm = views.tripConfirm(state, nowS, choice.siteIds, wantedMinor, {
    online,
    packing: busy === 'packing',
    refusal,
  })
  if (step === 'amount' && confirm !== undefined) {
    return (
      <TripConfirmScreen
        view={confirm}
        onAmount={setWantedMinor}
        onConfirm={() => void pack(confirm.capMinor)}
        onBack={() => go('sites')}
      />
    )
  }
  if (step === 'sites') {
    return (
      <TripSitesScreen
        view={views.tripSites(state, nowS, choice, online)}
        onMode={(mode) => setChoice({ ...choice, mode })}
        onSearch={(search) => setChoice({ ...choice, search })}
        onWay={(way) => setChoice(views.tripOnWay(state, choice, way))}
        onToggle={(siteId) => setChoice(views.tripToggled(choice, siteId))}
        onContinue={() => go('amount')}
        onBack={() => go('taken')}
      />
    )
  }
  return (
    <TripScreen
      view={views.trip(state, nowS, { online, busy, refusal })}
      onChoose={() => go('sites')}
      onAddFunds={() => router.push('/top-up')}
      onSignIn={() => router.push('/sign-in')}
      onGiveBack={(serial) => void giveBack(serial)}
      onBack={() => router.push('/account')}
    />
  )
}
