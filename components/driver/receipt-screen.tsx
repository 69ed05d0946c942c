/** A receipt with everything needed to check it: lines, tax, meter, ids, signature, and the amount recomputed here. */

import Printer from 'lucide-react/icons/printer'
import ShareIcon from 'lucide-react/icons/share-2'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import { Steps } from '@/components/ui/steps'
import { useFormat } from '@/lib/format/use-format'
import { ReceiptDispute, type DisputeReason } from './receipt-dispute'
import { ReceiptAmounts, ReceiptChecks, ReceiptDetails } from './receipt-parts'
import type { ReceiptView } from './receipt-view'
import { Screen } from './screen'

export type { ReceiptView }

export interface ReceiptProps {
  view: ReceiptView
  /** Null where the browser cannot share. */
  onShare: (() => void) | null
  /** Prints, which also makes a PDF. */
  onPrint(): void
  /** Whether the question "what is wrong?" is open. */
  readonly asking: boolean
  onAsk(asking: boolean): void
  onDispute(reason: DisputeReason): void
  onBack(): void
}

export function ReceiptScreen({ view, onShare, onPrint, asking, onAsk, onDispute, onBack }: ReceiptProps) {
  const t = useTranslations('driver.receipt')
  const format = useFormat()
  const dispute = (
    <ReceiptDispute
      said={view.complaint}
      isReported={view.complaintReported}
      state={view.state}
      asking={asking}
      onAsk={onAsk}
      onDispute={onDispute}
    />
  )
  return (
    <Screen
      onBack={onBack}
      trailing={
        <Button
          kind="quiet"
          className="-mr-3 px-3!"
          icon={<Printer className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
          onClick={onPrint}
        >
          {t('print')}
        </Button>
      }
      {...(onShare === null || asking
        ? {}
        : {
            foot: (
              <Button
                kind="primary"
                wide
                icon={<ShareIcon className="size-6" strokeWidth={1.75} aria-hidden="true" />}
                onClick={onShare}
              >
                {t('share')}
              </Button>
            ),
          })}
    >
      <Figure
        as="h1"
        label={`${view.siteLabel} · ${view.bayLabel}`}
        value={format.money(view.totalMinor, view.currency)}
        note={
          <p className="tabular">
            {format.energy(view.energyWh)} · {format.duration(view.durationS)}
          </p>
        }
      />
      <ReceiptProgress view={view} />
      {view.complaint === null ? null : dispute}
      <ReceiptAmounts view={view} />
      <ReceiptChecks view={view} />
      <ReceiptDetails view={view} />
      {view.complaint === null ? dispute : null}
    </Screen>
  )
}

const path = ['saved', 'seen', 'settled'] as const

function ReceiptProgress({ view }: { readonly view: ReceiptView }) {
  const t = useTranslations('driver.receipt')
  const states = useTranslations('driver.receiptState')
  const format = useFormat()
  if (view.state === 'case') {
    // Where only the driver objects, the notice below says so.
    return view.figuresDisagree ? <Notice tone="bad" title={t('caseTitle')} action={t('caseAction')} /> : null
  }
  return (
    <section>
      <Steps
        label={t('progress')}
        steps={path.map((state) => states(state))}
        current={path.indexOf(view.state)}
      />
      <p className="mt-2 text-note text-mute">
        {t(`stateNote.${view.state}`, { when: format.timestamp(view.stateAtS) })}
      </p>
    </section>
  )
}
