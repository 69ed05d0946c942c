'use client'

/**
 * `/`: Home, or what the app does where nothing was ever done on this phone. The page is drawn ahead as both; which one
 * shows until the wallet is open is decided before the first paint, by a mark that a used phone keeps (used-phone.ts).
 */

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { HomeScreen, type HomeView } from '@/components/driver/home-screen'
import { ProblemScreen } from '@/components/driver/problem-screen'
import { WelcomeScreen } from '@/components/driver/welcome-screen'
import type { Refusal } from '@/lib/core/reason'
import { useAppKept } from './_wallet/app-kept'
import { askToKeepStorage } from './_wallet/kept-storage'
import { useOnline } from './_wallet/network'
import { usePhone } from './_wallet/phone-host'
import { useWelcome } from './_wallet/welcome-acts'
import { WithPhone, type Ready } from './_wallet/with-phone'

const openingView: HomeView = {
  online: false,
  readiness: { kind: 'loading' },
  session: null,
  olderSessions: [],
  receipts: [],
  unsyncedCount: 0,
  notice: null,
  nowS: 0,
}
const nothing = (): void => undefined
const noActs = {
  onCharge: nothing,
  onOpenSession: nothing,
  onOpenReceipt: nothing,
  onOpenReceipts: nothing,
  onOpenAccount: nothing,
  onAddFunds: nothing,
  onJoinFleet: nothing,
  onRenew: nothing,
  onDismissNotice: nothing,
}

export function HomePage() {
  const host = usePhone()
  const welcome = useWelcome()
  const isOpening = host.kind === 'opening'
  // A new account is kept a moment before the next screen is there.
  const isNewcomer =
    isOpening ||
    welcome.view.state.kind === 'waiting' ||
    (host.kind === 'ready' && host.phone.views.isFirstRun(host.phone.state))
  return (
    <>
      {/* The same element before and after the wallet is open: nothing that a newcomer reads or touches is drawn twice. */}
      {isNewcomer ? (
        <div data-first-seen-by={isOpening ? 'newcomer' : undefined}>
          <WelcomeScreen {...welcome} />
        </div>
      ) : null}
      {isOpening ? (
        <div data-first-seen-by="known">
          <HomeScreen view={openingView} {...noActs} />
        </div>
      ) : null}
      {isNewcomer ? null : <WithPhone opening={null}>{(ready) => <Home ready={ready} />}</WithPhone>}
    </>
  )
}

function Home({ ready: { phone, nowS } }: { readonly ready: Ready }) {
  const router = useRouter()
  const online = useOnline()
  const app = useAppKept()
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const { state, views, acts } = phone
  const addFunds = (): void => router.push(state.account?.signedIn === true ? '/top-up' : '/sign-up')

  if (refusal !== null) {
    const isPoor = refusal.code === 'account.insufficient-funds'
    const isSignedOut = refusal.code === 'api.unauthenticated'
    return (
      <ProblemScreen
        view={{ refusal, next: isPoor ? 'add-funds' : isSignedOut ? 'sign-in' : 'home' }}
        onNext={() => {
          if (isPoor) addFunds()
          else if (isSignedOut) router.push('/sign-in')
          else setRefusal(null)
        }}
        onBack={() => setRefusal(null)}
      />
    )
  }
  const view = views.home(state, nowS, { online, app })
  return (
    <HomeScreen
      view={view}
      onCharge={() => {
        // A running session stays in the list; charging begins with a fresh scan.
        if (state.ceremony?.kind === 'session') void acts.leaveCeremony(phone)
        router.push('/charge')
      }}
      onOpenSession={(sessionId) => {
        void acts.openSession(phone, sessionId).then(() => router.push('/charge'))
      }}
      onOpenReceipt={(sessionId) => router.push(`/receipts/view?id=${sessionId}`)}
      onOpenReceipts={() => router.push('/receipts')}
      onOpenAccount={() => router.push('/account')}
      onAddFunds={addFunds}
      onJoinFleet={() => router.push('/claim')}
      onDismissNotice={() => {
        const { notice } = view
        if (notice?.kind === 'settled') void acts.sawSettled(phone)
        else if (notice?.kind === 'low') void acts.dismissLowCredit(phone, notice.leftMinor)
      }}
      onRenew={() => {
        void acts.takeAlong(phone).then((outcome) => {
          if (outcome.ok) void askToKeepStorage()
          else setRefusal(outcome.error)
        })
      }}
    />
  )
}
