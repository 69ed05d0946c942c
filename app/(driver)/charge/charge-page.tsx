'use client'

/**
 * `/charge`: scan → approve → show → charging → receipt. Where the driver stands is kept in the wallet, so a reload in
 * the middle goes on at the same place; only what the camera is pointed at is this page's own.
 */

import { useRouter } from 'next/navigation'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ProblemScreen, type ProblemView } from '@/components/driver/problem-screen'
import { Screen } from '@/components/driver/screen'
import { SessionEndedScreen } from '@/components/driver/session-ended-screen'
import type { ScanPurpose } from '@/components/driver/scan-screen'
import type { Refusal } from '@/lib/core/reason'
import type { ScanOutcome } from '@/lib/wallet/ceremony'
import type { Ceremony } from '@/lib/wallet/wallet-state'
import { giveFeedback } from '../_wallet/feedback'
import { WithPhone, type Ready } from '../_wallet/with-phone'
import { hearBluetooth, useBluetooth } from '../_wallet/bluetooth'
import { ApproveStep } from './approve-step'
import { BluetoothSentStep } from './bluetooth-step'
import { OfferStep } from './offer-step'
import { ScanStep } from './scan-step'
import { SessionStep } from './session-step'
import { ShowCodeStep, StopCodeStep, type Signing } from './show-code-step'

export function ChargePage() {
  const router = useRouter()
  return (
    <WithPhone opening={<Screen onBack={() => router.push('/')} />}>
      {(ready) => <Charge ready={ready} />}
    </WithPhone>
  )
}

function Charge({ ready }: { readonly ready: Ready }) {
  const { phone } = ready
  const router = useRouter()
  const [purpose, setPurpose] = useState<ScanPurpose | null>(null)
  const [problem, setProblem] = useState<ProblemView | null>(null)
  const [signing, setSigning] = useState<Signing>({ kind: 'none' })
  const { ceremony } = phone.state
  useStepTop(`${purpose} ${problem?.refusal.code} ${stepOf(ceremony)} ${isShown(ready)}`)
  const bluetooth = useBluetooth()
  const [showsCode, setShowsCode] = useState(false)
  const goHome = useCallback(() => router.push('/'), [router])

  const follow = (outcome: ScanOutcome): void => {
    setPurpose(null)
    switch (outcome.kind) {
      case 'offer':
        phone.acts.fetchTime(phone)
        giveFeedback('read')
        return
      case 'known-offer':
      case 'status':
        giveFeedback('read')
        return
      case 'accepted':
        giveFeedback('accepted')
        return
      case 'declined':
        giveFeedback('refused')
        setProblem({ refusal: outcome.refusal, next: 'scan-again' })
        return
      case 'receipt':
        giveFeedback('finished')
        router.replace(`/receipts/view?id=${outcome.sessionId}`)
        return
    }
  }
  const signAgain = async (): Promise<void> => {
    setSigning({ kind: 'under-way' })
    const signed = await phone.wallet.finishSigning()
    setSigning(signed.ok ? { kind: 'none' } : { kind: 'failed', refusal: signed.error })
  }
  // Figures come by themselves: they interrupt nobody.
  useEffect(() => hearBluetooth((outcome) => (outcome.kind === 'status' ? undefined : follow(outcome))))

  if (problem !== null) {
    return <ChargeProblem view={problem} onLeave={() => setProblem(null)} ready={ready} />
  }
  if (purpose !== null) {
    return <ScanStep phone={phone} purpose={purpose} onOutcome={follow} onBack={() => setPurpose(null)} />
  }
  if (ceremony === null) return <OfferStep phone={phone} onOutcome={follow} onBack={goHome} />
  if (ceremony.kind === 'approving') {
    return <ApproveStep ready={ready} onSigning={setSigning} />
  }
  const { sessionId } = ceremony
  const over = phone.views.sessionEnded(phone.state, sessionId)
  const refused = phone.views.sessionRefusal(phone.state, sessionId)
  const leave = (): void => void phone.acts.leaveCeremony(phone)
  if (over !== undefined) {
    return (
      <SessionEndedScreen
        view={over}
        onOpenReceipt={() => {
          leave()
          router.replace(`/receipts/view?id=${sessionId}`)
        }}
        onHome={() => {
          leave()
          goHome()
        }}
      />
    )
  }
  if (refused !== undefined) {
    return <ProblemScreen view={{ refusal: refused, next: 'scan-again' }} onNext={leave} onBack={leave} />
  }
  // What is not signed yet was not sent either.
  const isSent = ceremony.view === 'stopping' || isShown(ready)
  if (bluetooth.kind === 'on' && !showsCode && isSent && ceremony.view !== 'charging') {
    const what = ceremony.view === 'showing' ? 'consent' : 'stop'
    const sent = { ready, sessionId, what, notice: bluetooth.notice } as const
    return <BluetoothSentStep {...sent} onShowCode={() => setShowsCode(true)} onBack={goHome} />
  }
  switch (ceremony.view) {
    case 'showing':
      return (
        <ShowCodeStep
          ready={ready}
          sessionId={sessionId}
          signing={signing}
          onSignAgain={() => void signAgain()}
          onScanAnswer={() => setPurpose('answer')}
          onBack={goHome}
        />
      )
    case 'stopping':
      return <StopCodeStep ready={ready} sessionId={sessionId} onScanReceipt={() => setPurpose('receipt')} />
    case 'charging':
      return (
        <SessionStep
          ready={ready}
          sessionId={sessionId}
          onScan={setPurpose}
          onProblem={(refusal: Refusal) => setProblem({ refusal, next: 'show-again' })}
          onBack={goHome}
        />
      )
  }
}

const stepOf = (ceremony: Ceremony | null): string =>
  ceremony?.kind === 'session' ? ceremony.view : (ceremony?.kind ?? 'scan')

/** Written down comes before signed: until then there is no code, and the screen is another one. */
const isShown = ({ phone, nowS }: Ready): boolean => {
  const { ceremony } = phone.state
  return ceremony?.kind === 'session' && phone.views.showCode(phone.state, ceremony.sessionId, nowS).ok
}

/**
 * Steps of one page are screens of their own to the person: each begins at its top, and whoever has the screen read out
 * hears what it is called. The first one is a page that was come to, which the browser announces.
 */
function useStepTop(step: string): void {
  const shown = useRef(step)
  useEffect(() => {
    window.scrollTo(0, 0)
    if (shown.current === step) return
    shown.current = step
    const heading = document.querySelector('h1')
    if (heading === null) return
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }, [step])
}

/** The primary act of a problem here is always another look at a code: theirs or ours. */
function ChargeProblem({
  ready: { phone },
  view,
  onLeave,
}: {
  readonly ready: Ready
  readonly view: ProblemView
  readonly onLeave: () => void
}) {
  const next = (): void => {
    const { acts } = phone
    const step = view.next === 'show-again' ? acts.watchSession(phone, 'showing') : acts.leaveCeremony(phone)
    void step.then(onLeave)
  }
  return <ProblemScreen view={view} onNext={next} onBack={onLeave} />
}
