/** The one decision: this bay, this price, at most this much. */

import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import type { Refusal } from '@/lib/core/reason'
import type { TariffFigures } from '@/lib/format/tariff-lines'
import { useFormat } from '@/lib/format/use-format'
import { BayMatch } from './bay-match'
import { PriceRows } from './price-rows'
import { RefusalNotice } from './refusal-notice'
import { Screen, SectionHead } from './screen'

export interface HoldChoice {
  readonly holdMinor: number
  /** True when this amount calls for a passkey. */
  readonly stepUp: boolean
}

export interface ApproveView {
  readonly siteLabel: string
  readonly operatorName: string
  readonly bayLabel: string
  readonly words: readonly [string, string]
  readonly tariff: TariffFigures
  /** The one change of price that the offer announces, or null: part of what the driver consents to. */
  readonly change: { readonly atS: number; readonly tariff: TariffFigures } | null
  readonly nowS: number
  /** How far this phone's clock runs ahead of the charger's, where that is more than a code may be old; else 0. */
  readonly clockAheadS?: number
  /** A usual session at this price, or null where nothing sensible can be said. Shown with ≈. */
  readonly estimate: {
    readonly energyWh: number
    readonly durationS: number
    readonly totalMinor: number
  } | null
  /** Ascending; every choice is one that wallet, grant and offer allow. */
  readonly holds: readonly HoldChoice[]
  readonly chosenHoldMinor: number
  /** Which bound ends the list, so that the driver knows why it is not more. */
  readonly limitedBy: 'charger' | 'wallet' | 'new-charger'
  /** Who pays: a fleet by its name, or which of one's own purses. */
  readonly payer?: { readonly kind: 'roaming' | 'sites' | 'fleet'; readonly fleetName: string | null }
  /** What the operator may vouch for where the charger itself takes less of a stranger; null where it would not help. */
  readonly moreMinor?: number | null
  readonly state: 'deciding' | 'passkey' | 'signing'
  readonly refusal: Refusal | null
}

export interface ApproveProps {
  view: ApproveView
  onChooseHold(holdMinor: number): void
  onApprove(): void
  /** Only while online. */
  onAskMore?: (() => void) | null
  asking?: boolean
  onBack(): void
}

export function ApproveScreen(props: ApproveProps) {
  const { view, onApprove, onBack } = props
  const t = useTranslations('driver.approve')
  const price = useTranslations('driver.price')
  const format = useFormat()
  const { currency } = view.tariff
  const held = format.moneyShort(view.chosenHoldMinor, currency)
  const stepUp = view.holds.some((hold) => hold.holdMinor === view.chosenHoldMinor && hold.stepUp)
  const busy = view.state !== 'deciding'
  return (
    <Screen
      title={view.siteLabel}
      onBack={onBack}
      ceremonyStep={1}
      foot={
        <>
          <Button
            kind="primary"
            wide
            busy={busy}
            onClick={onApprove}
            icon={
              stepUp ? (
                <FingerprintPattern className="size-6" strokeWidth={1.75} aria-hidden="true" />
              ) : undefined
            }
          >
            {t(view.state === 'deciding' ? 'approve' : view.state, { amount: held })}
          </Button>
          <p className="text-center text-note text-mute">{t(stepUp ? 'stepUp' : 'onlyWhatYouUse')}</p>
        </>
      }
    >
      <p className="-mt-5 text-note text-mute">{t('operator', { operator: view.operatorName })}</p>
      {view.refusal === null ? null : <RefusalNotice refusal={view.refusal} />}
      {view.clockAheadS === undefined || view.clockAheadS === 0 ? null : (
        <Notice
          tone="bad"
          title={t('clockTitle', { span: format.duration(view.clockAheadS) })}
          action={t('clockText')}
        />
      )}
      <div className="-mt-1">
        <p className="mb-1">{t('compare')}</p>
        <BayMatch bayLabel={view.bayLabel} words={view.words} />
      </div>
      <section>
        <SectionHead
          trailing={
            <span className="text-note text-mute">
              {t('tax', { percent: format.percent(view.tariff.taxBasisPoints) })}
            </span>
          }
        >
          {t('price')}
        </SectionHead>
        <PriceRows tariff={view.tariff} />
        {view.change === null ? null : (
          <div className="mt-3 border-l-4 border-l-amber pl-3">
            <p className="font-bold">{price('from', { when: format.moment(view.change.atS, view.nowS) })}</p>
            <PriceRows tariff={view.change.tariff} />
          </div>
        )}
        {view.estimate === null ? null : (
          <p className="mt-2 text-note text-mute">
            {t('estimate', {
              amount: format.money(view.estimate.totalMinor, currency),
              energy: format.energy(view.estimate.energyWh),
              duration: format.duration(view.estimate.durationS),
            })}
          </p>
        )}
      </section>
      <HoldPart {...props} disabled={busy} />
    </Screen>
  )
}

function HoldPart({
  view,
  disabled,
  onChooseHold,
  onAskMore = null,
  asking = false,
}: ApproveProps & { readonly disabled: boolean }) {
  const t = useTranslations('driver.approve')
  const purse = useTranslations('driver.wallet.purse')
  const format = useFormat()
  const { currency } = view.tariff
  return (
    <section className="flex flex-col gap-3">
      <Figure
        label={
          <span className="flex flex-wrap justify-between gap-x-4">
            <span>{t('holdLabel')}</span>
            {view.payer === undefined ? null : (
              <span>{t('paidBy', { payer: view.payer.fleetName ?? purse(view.payer.kind) })}</span>
            )}
          </span>
        }
        value={format.money(view.chosenHoldMinor, currency)}
      />
      {view.holds.length < 2 ? null : (
        <Choice
          legend={t('holdChoose')}
          legendHidden
          layout="grid"
          disabled={disabled}
          value={view.chosenHoldMinor}
          onChange={onChooseHold}
          options={view.holds.map((hold) => ({
            value: hold.holdMinor,
            label: format.moneyShort(hold.holdMinor, currency),
          }))}
        />
      )}
      {/* Where the amounts stand that can be chosen: on a small phone what is further down is not seen. */}
      {onAskMore === null || view.moreMinor === null || view.moreMinor === undefined ? null : (
        <div className="flex flex-col gap-2">
          <Button kind="secondary" wide disabled={disabled} busy={asking} onClick={onAskMore}>
            {t('askMore')}
          </Button>
          <p className="text-note">
            {t('askMoreNote', { amount: format.moneyShort(view.moreMinor, currency) })}
          </p>
        </div>
      )}
      <p className="text-note text-mute">
        {t('holdNote')} {t(`limitedBy.${view.limitedBy}`)}
      </p>
    </section>
  )
}
