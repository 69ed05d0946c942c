/** While charging: the last figure that the charger signed, and how old it is. Nothing extrapolated stands as fact. */

import Hourglass from 'lucide-react/icons/hourglass'
import PlugZap from 'lucide-react/icons/plug-zap'
import QrIcon from 'lucide-react/icons/qr-code'
import ReceiptText from 'lucide-react/icons/receipt-text'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import Stop from 'lucide-react/icons/circle-stop'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { CarPlugged } from '@/components/ui/drawings'
import { Figure } from '@/components/ui/figure'
import { Pill } from '@/components/ui/pill'
import type { Refusal } from '@/lib/core/reason'
import { useFormat } from '@/lib/format/use-format'
import { BayMatch } from './bay-match'
import { RefusalNotice } from './refusal-notice'
import { Screen, SectionHead } from './screen'

export interface SignedStatus {
  readonly energyWh: number
  readonly costMinor: number
  readonly atS: number
}

export interface SessionView {
  readonly siteLabel: string
  readonly bayLabel: string
  readonly words: readonly [string, string]
  /** `waiting`: shown, no answer yet. `told`: the driver saw the yes. `accepted`: a signed yes is on the phone. */
  readonly answer: 'waiting' | 'told' | 'accepted'
  readonly heldMinor: number
  readonly currency: string
  readonly approvedAtS: number
  /** The newest that was scanned, or null. */
  readonly status: SignedStatus | null
  /** `asked`: a stop is signed and can be shown again. The two in between belong to the question before it. */
  readonly stop: 'none' | 'confirming' | 'signing' | 'asked'
  /** Why the stop could not be signed. */
  readonly refusal: Refusal | null
  readonly nowS: number
}

export interface SessionProps {
  view: SessionView
  /** Says that figures come by themselves, beside the state. */
  live?: ReactNode
  /** A way to have them come by themselves. */
  otherWay?: ReactNode
  /** Opens the question, or shows the code of a stop that was asked for. */
  onStop(): void
  onConfirmStop(): void
  onKeepCharging(): void
  onScanStatus(): void
  onScanReceipt(): void
  /** The same bytes again, for a charger that missed them. */
  onShowCode(): void
  onProblem(): void
  onBack(): void
}

export function SessionScreen({ view, live, otherWay, onProblem, onBack, ...acts }: SessionProps) {
  const t = useTranslations('driver.session')
  const common = useTranslations('common')
  const waiting = view.answer === 'waiting' && view.status === null
  return (
    <Screen
      onBack={onBack}
      trailing={
        <Button kind="quiet" className="-mr-3 px-3!" onClick={onProblem}>
          {t('problem')}
        </Button>
      }
      foot={<SessionActs waiting={waiting} asked={view.stop === 'asked'} {...acts} />}
    >
      <div className="flex flex-wrap gap-2">
        {waiting ? (
          <Pill tone="offline" icon={<Hourglass strokeWidth={1.75} aria-hidden="true" />}>
            {t('waiting')}
          </Pill>
        ) : (
          <Pill tone="good" icon={<PlugZap strokeWidth={1.75} aria-hidden="true" />}>
            {t('charging')}
          </Pill>
        )}
        {live}
      </div>
      {view.status === null ? <Held view={view} /> : <LastSigned view={view} status={view.status} />}
      <BayMatch bayLabel={view.bayLabel} words={view.words} />
      {view.refusal === null ? null : <RefusalNotice refusal={view.refusal} />}
      {otherWay}
      <section>
        <SectionHead>{t('stopOther')}</SectionHead>
        <p className="mt-1 text-mute">{t('stopCode')}</p>
      </section>
      <Dialog
        open={view.stop === 'confirming' || view.stop === 'signing'}
        title={t('confirmTitle')}
        closeLabel={common('close')}
        onClose={acts.onKeepCharging}
      >
        <p className="text-lead">{t('confirmLead')}</p>
        <div className="mt-5 flex flex-col gap-2">
          <Button kind="destructive" wide busy={view.stop === 'signing'} onClick={acts.onConfirmStop}>
            {t(view.stop === 'signing' ? 'signing' : 'confirm')}
          </Button>
          <Button kind="secondary" wide onClick={acts.onKeepCharging}>
            {t('keep')}
          </Button>
        </div>
      </Dialog>
    </Screen>
  )
}

type Acts = Pick<SessionProps, 'onScanReceipt' | 'onScanStatus' | 'onShowCode' | 'onStop'>

/** Until the charger is known to have said yes, the likeliest next act is to show the code again; after that, to stop. */
function SessionActs({
  waiting,
  asked,
  onScanReceipt,
  onScanStatus,
  onShowCode,
  onStop,
}: Acts & { readonly waiting: boolean; readonly asked: boolean }) {
  const t = useTranslations('driver.session')
  const receiptIcon = <ReceiptText className="size-icon" strokeWidth={1.75} aria-hidden="true" />
  if (waiting) {
    return (
      <>
        <Button
          kind="primary"
          wide
          icon={<QrIcon className="size-6" strokeWidth={1.75} aria-hidden="true" />}
          onClick={onShowCode}
        >
          {t('showAgain')}
        </Button>
        <Button kind="secondary" wide icon={receiptIcon} onClick={onScanReceipt}>
          {t('scanReceipt')}
        </Button>
      </>
    )
  }
  return (
    <>
      <Button
        kind="primary"
        wide
        icon={<Stop className="size-6" strokeWidth={1.75} aria-hidden="true" />}
        onClick={onStop}
      >
        {t(asked ? 'stopAgain' : 'stop')}
      </Button>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-2">
        <Button kind="secondary" className="px-2!" icon={receiptIcon} onClick={onScanReceipt}>
          {t('scanReceiptShort')}
        </Button>
        <Button
          kind="secondary"
          className="px-2!"
          icon={<RefreshCw className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
          onClick={onScanStatus}
        >
          {t('scanStatusShort')}
        </Button>
      </div>
    </>
  )
}

function Held({ view }: { readonly view: SessionView }) {
  const t = useTranslations('driver.session')
  const format = useFormat()
  return (
    <>
      <Figure
        as="h1"
        label={view.siteLabel}
        value={format.money(view.heldMinor, view.currency)}
        note={<p className="text-body text-mute">{t('heldNote')}</p>}
      />
      <CarPlugged className="h-auto w-full max-w-72" />
    </>
  )
}

/** The last figure that the charger signed; the amber line is its share of the hold. */
function LastSigned({ view, status }: { readonly view: SessionView; readonly status: SignedStatus }) {
  const t = useTranslations('driver.session')
  const format = useFormat()
  const share = view.heldMinor === 0 ? 0 : Math.min(1, status.costMinor / view.heldMinor)
  return (
    <div>
      <Figure
        as="h1"
        label={view.siteLabel}
        value={format.money(status.costMinor, view.currency)}
        note={
          <>
            <p className="tabular">{format.energy(status.energyWh)}</p>
            <p className="text-body text-mute">
              {t('signedFigure', { age: format.age(status.atS, view.nowS) })}
            </p>
          </>
        }
      />
      <div className="mt-5 h-2 overflow-hidden rounded-[2px] bg-line" aria-hidden="true">
        <div className="h-full energy-line" style={{ width: `${share * 100}%` }} />
      </div>
      <p className="mt-2 text-note text-mute">
        {t('ofHeld', { amount: format.money(view.heldMinor, view.currency) })}
      </p>
    </div>
  )
}
