/** While charging: the last figure that the charger signed, and how old it is. Nothing extrapolated stands as fact. */

import Hourglass from 'lucide-react/icons/hourglass'
import PlugZap from 'lucide-react/icons/plug-zap'
import QrIcon from 'lucide-react/icons/qr-code'
import ReceiptText from 'lucide-react/icons/receipt-text'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { CarPlugged } from '@/components/ui/drawings'
import { Figure } from '@/components/ui/figure'
import { Pill } from '@/components/ui/pill'
import { useFormat } from '@/lib/format/use-format'
import { BayMatch } from './bay-match'
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
  readonly nowS: number
}

export interface SessionProps {
  view: SessionView
  onScanStatus(): void
  onScanReceipt(): void
  /** The same bytes again, for a charger that missed them. */
  onShowCode(): void
  onProblem(): void
  onBack(): void
}

export function SessionScreen({ view, onProblem, onBack, ...acts }: SessionProps) {
  const t = useTranslations('driver.session')
  const waiting = view.answer === 'waiting' && view.status === null
  return (
    <Screen
      onBack={onBack}
      trailing={
        <Button kind="quiet" className="-mr-3 px-3!" onClick={onProblem}>
          {t('problem')}
        </Button>
      }
      foot={<SessionActs waiting={waiting} {...acts} />}
    >
      <div>
        {waiting ? (
          <Pill tone="offline" icon={<Hourglass strokeWidth={1.75} aria-hidden="true" />}>
            {t('waiting')}
          </Pill>
        ) : (
          <Pill tone="good" icon={<PlugZap strokeWidth={1.75} aria-hidden="true" />}>
            {t('charging')}
          </Pill>
        )}
      </div>
      {view.status === null ? <Held view={view} /> : <LastSigned view={view} status={view.status} />}
      <BayMatch bayLabel={view.bayLabel} words={view.words} />
      <section>
        <SectionHead>{t('stopTitle')}</SectionHead>
        <ol className="mt-1 list-outside list-decimal pl-5 text-mute marker:font-bold marker:text-ink">
          <li className="py-1 pl-1">{t('stopCode')}</li>
          <li className="py-1 pl-1">{t('stopReceipt')}</li>
        </ol>
      </section>
    </Screen>
  )
}

/** Until the charger is known to have said yes, the likeliest next act is to show the code again. */
function SessionActs({
  waiting,
  onScanReceipt,
  onScanStatus,
  onShowCode,
}: Pick<SessionProps, 'onScanReceipt' | 'onScanStatus' | 'onShowCode'> & { readonly waiting: boolean }) {
  const t = useTranslations('driver.session')
  const receiptIcon = <ReceiptText className="size-6" strokeWidth={1.75} aria-hidden="true" />
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
      <Button kind="primary" wide icon={receiptIcon} onClick={onScanReceipt}>
        {t('scanReceipt')}
      </Button>
      <Button
        kind="secondary"
        wide
        icon={<RefreshCw className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
        onClick={onScanStatus}
      >
        {t('scanStatus')}
      </Button>
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
