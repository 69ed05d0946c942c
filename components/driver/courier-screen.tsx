/** Carrying news between the operator and chargers without a link: whether, what, how much, and thanks for it. */

import { useTranslations } from 'use-intl/react'
import { Choice } from '@/components/ui/choice'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { Courier } from '@/components/ui/drawings'
import { Notice } from '@/components/ui/notice'
import { Screen, SectionHead } from './screen'

interface CourierLoad {
  readonly count: number
  readonly bytes: number
}

export interface CourierView {
  readonly isCourier: boolean
  /** What is carried to chargers now. */
  readonly downBytes: number
  readonly revocations: CourierLoad
  readonly rules: CourierLoad
  readonly permits: CourierLoad
  readonly receipts: CourierLoad
  readonly sightings: number
  readonly chargersHelped: number
  readonly bytesShown: number
  readonly receiptsBrought: number
  readonly sightingsBrought: number
}

export interface CourierProps {
  view: CourierView
  onCourier(isCourier: boolean): void
  onBack(): void
}

export function CourierScreen({ view, onCourier, onBack }: CourierProps) {
  const t = useTranslations('driver.courier')
  const size = (bytes: number): string => t('bytes', { bytes })
  return (
    <Screen title={t('title')} onBack={onBack}>
      <Courier className="h-28 w-full" />
      <p className="max-w-measure">{t('lead')}</p>
      <Choice
        legend={t('choice')}
        value={view.isCourier ? 'on' : 'off'}
        onChange={(value: string) => onCourier(value === 'on')}
        options={[
          { value: 'on', label: t('on') },
          { value: 'off', label: t('off') },
        ]}
      />
      <p className="text-note text-mute">{t(view.isCourier ? 'onNote' : 'offNote')}</p>
      {view.chargersHelped + view.receiptsBrought === 0 ? null : <Thanks view={view} />}
      <section>
        <SectionHead trailing={<span className="text-note text-mute">{size(view.downBytes)}</span>}>
          {t('down')}
        </SectionHead>
        <DefinitionRows
          rows={[
            {
              name: t('revocations'),
              note: t('revocationsNote'),
              value: String(view.revocations.count),
            },
            ...(view.isCourier
              ? [
                  {
                    name: t('rules'),
                    note: t('rulesNote'),
                    value: String(view.rules.count),
                  },
                  {
                    name: t('permits'),
                    note: t('permitsNote'),
                    value: String(view.permits.count),
                  },
                ]
              : []),
          ]}
        />
      </section>
      <section>
        <SectionHead trailing={<span className="text-note text-mute">{size(view.receipts.bytes)}</span>}>
          {t('up')}
        </SectionHead>
        <DefinitionRows
          rows={[
            {
              name: t('receipts'),
              note: t('receiptsNote'),
              value: String(view.receipts.count),
            },
            { name: t('sightings'), note: t('sightingsNote'), value: String(view.sightings) },
          ]}
        />
      </section>
      <section className="flex flex-col gap-2 text-note text-mute">
        <p>{t('sealed')}</p>
        <p>{t('cost')}</p>
      </section>
    </Screen>
  )
}

function Thanks({ view }: { readonly view: CourierView }) {
  const t = useTranslations('driver.courier')
  return (
    <Notice
      tone="good"
      title={t('thanks')}
      action={
        <>
          {view.chargersHelped === 0 ? null : (
            <p>{t('helped', { count: view.chargersHelped, bytes: view.bytesShown })}</p>
          )}
          {view.receiptsBrought === 0 ? null : (
            <p>{t('brought', { count: view.receiptsBrought, sightings: view.sightingsBrought })}</p>
          )}
        </>
      }
    />
  )
}
