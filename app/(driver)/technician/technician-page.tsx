'use client'

/** `/technician`, with `#CODE` from an invitation's link: the pass, the charger's question, the answer. */

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { Spinner } from '@/components/ui/spinner'
import { Screen } from '@/components/driver/screen'
import { EntryScreen } from '@/components/technician/entry-screen'
import { InvitationScreen } from '@/components/technician/invitation-screen'
import { PassScreen } from '@/components/technician/pass-screen'
import type { EntryView, InvitationView, PassView } from '@/components/technician/technician-view'
import { refusal } from '@/lib/core/reason'
import { epochSeconds } from '@/lib/core/units'
import type { KeptPass } from '@/lib/wallet/technician-pass'
import { useAppKept, type AppKept } from '../_wallet/app-kept'
import { askToKeepStorage } from '../_wallet/kept-storage'
import { useOnline } from '../_wallet/network'
import { useWakeLock } from '../_wallet/wake-lock'
import { useTranslations } from 'use-intl/react'
import { ChallengeScan } from './challenge-scan'
import { passHolder } from './holder'

type Stage =
  | { readonly kind: 'opening' }
  | { readonly kind: 'invited'; readonly state: InvitationView['state'] }
  | { readonly kind: 'pass' | 'scanning'; readonly kept: KeptPass }
  | { readonly kind: 'entry'; readonly kept: KeptPass; readonly entry: EntryView }

const nowS = () => epochSeconds(Math.floor(Date.now() / 1_000))

const passView = ({ pass: { payload } }: KeptPass, app: AppKept): PassView => ({
  serial: payload.serial,
  rights: (payload.rights & 2) === 0 ? 'diagnostics' : 'service',
  sites: payload.sites,
  untilS: payload.notAfterS,
  isExpired: nowS() > payload.notAfterS,
  app,
})

function codeInFragment(): string {
  try {
    return decodeURIComponent(window.location.hash.slice(1)).slice(0, 64)
  } catch {
    return ''
  }
}

export function TechnicianPage() {
  const router = useRouter()
  const online = useOnline()
  const app = useAppKept()
  const t = useTranslations('driver.technician')
  const [stage, setStage] = useState<Stage>({ kind: 'opening' })
  const home = (): void => router.push('/')

  useEffect(() => {
    let left = false
    const open = async (): Promise<void> => {
      const holder = await passHolder()
      const kept = await holder.load()
      const isInvited = codeInFragment() !== ''
      if (left) return
      setStage(
        kept === undefined || isInvited
          ? { kind: 'invited', state: { kind: 'ready' } }
          : { kind: 'pass', kept: await holder.refresh(kept) },
      )
    }
    open().catch(() =>
      setStage({ kind: 'invited', state: { kind: 'failed', refusal: refusal('phone.storage') } }),
    )
    return () => {
      left = true
    }
  }, [])

  const take = async (code: string): Promise<void> => {
    setStage({ kind: 'invited', state: { kind: 'waiting' } })
    const taken = await (await passHolder()).take(code)
    if (!taken.ok) return setStage({ kind: 'invited', state: { kind: 'failed', refusal: taken.error } })
    // The code has done its work; a reload must not ask for it again.
    window.history.replaceState(null, '', '/technician')
    void askToKeepStorage()
    setStage({ kind: 'pass', kept: taken.value })
  }

  switch (stage.kind) {
    case 'opening':
      return (
        <Screen onBack={home}>
          <Spinner awaited={t('opening')} />
        </Screen>
      )
    case 'invited':
      return (
        <InvitationScreen
          view={{ online, code: codeInFragment(), state: stage.state }}
          onTake={(code) => void take(code)}
          onBack={home}
        />
      )
    case 'pass':
      return (
        <PassScreen
          view={passView(stage.kept, app)}
          onScan={() => setStage({ kind: 'scanning', kept: stage.kept })}
          onRenew={() => setStage({ kind: 'invited', state: { kind: 'ready' } })}
          onBack={home}
        />
      )
    case 'scanning':
      return (
        <ChallengeScan
          onText={async (text) => {
            const answered = await (await passHolder()).answer(stage.kept, text, nowS())
            if (!answered.ok) return answered.error
            setStage({ kind: 'entry', kept: stage.kept, entry: answered.value })
            return null
          }}
          onBack={() => setStage({ kind: 'pass', kept: stage.kept })}
        />
      )
    case 'entry':
      return (
        <Entry
          entry={stage.entry}
          onAgain={() => setStage({ kind: 'scanning', kept: stage.kept })}
          onDone={() => setStage({ kind: 'pass', kept: stage.kept })}
        />
      )
  }
}

interface EntryProps {
  readonly entry: EntryView
  onAgain(): void
  onDone(): void
}

function Entry({ entry, onAgain, onDone }: EntryProps) {
  useWakeLock()
  return <EntryScreen view={entry} onAgain={onAgain} onDone={onDone} />
}
