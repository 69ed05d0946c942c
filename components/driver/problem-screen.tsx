/** Any refusal as a whole screen: what happened, whether money moved, what to do, the code. */

import Wallet from 'lucide-react/icons/wallet'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { CarPlugged, ChargerShowsCode, NoSignal } from '@/components/ui/drawings'
import type { Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { reasonText } from '@/lib/format/reason-text'
import { Screen } from './screen'

export interface ProblemView {
  readonly refusal: Refusal
  /** What the primary button does next. */
  readonly next: 'try-again' | 'scan-again' | 'show-again' | 'add-funds' | 'renew' | 'sign-in' | 'home'
}

export interface ProblemProps {
  view: ProblemView
  onNext(): void
  /** Null where there is nowhere to go back to (another tab owns the wallet). */
  onBack: (() => void) | null
}

export function ProblemScreen({ view, onNext, onBack }: ProblemProps) {
  const t = useTranslations('driver.problem')
  const common = useTranslations('common')
  const text = reasonText(view.refusal, useTranslations('reasons'))
  return (
    <Screen
      onBack={onBack}
      foot={
        <Button kind="primary" wide onClick={onNext}>
          {t(`next.${view.next}`)}
        </Button>
      }
    >
      <div role="alert" className="flex flex-1 flex-col justify-center gap-6">
        <ProblemDrawing code={view.refusal.code} />
        <h1 className="text-title">{text.title}</h1>
        <p className="flex items-center gap-3 border-y border-line py-4 text-lead font-bold">
          <Wallet className="size-6 shrink-0" strokeWidth={1.75} aria-hidden="true" />
          {text.moneyText}
        </p>
        <p className="text-lead">{text.action}</p>
        <p className="text-note text-mute tabular">{common('code', { code: text.code })}</p>
      </div>
    </Screen>
  )
}

/** A picture only where it says something: reading codes, the plug, the missing link. */
function ProblemDrawing({ code }: { readonly code: ReasonCode }) {
  const className = 'h-auto w-full max-w-72'
  if (code === 'phone.offline' || code === 'api.unreachable') return <NoSignal className={className} />
  if (code === 'charger.unplugged' || code === 'charger.no-start') return <CarPlugged className={className} />
  if (code.startsWith('offer.') || code.startsWith('code.')) return <ChargerShowsCode className={className} />
  return null
}
