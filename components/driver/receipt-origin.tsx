/** Where a receipt comes from: the meter, the session and the names that support asks for. */

import { useTranslations } from 'use-intl/react'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { useFormat } from '@/lib/format/use-format'
import type { ReceiptFacts } from './receipt-facts'

export function ReceiptOrigin({ facts }: { readonly facts: ReceiptFacts }) {
  const t = useTranslations('receipt')
  const format = useFormat()
  const { meterRecord } = facts
  return (
    <>
      <section>
        <h2 className="flex min-h-8 items-center font-bold">{t('meter')}</h2>
        <DefinitionRows
          rows={[
            { name: t('meterStart'), value: format.energyExact(facts.meterStartWh) },
            { name: t('meterStop'), value: format.energyExact(facts.meterStopWh) },
            { name: t('energy'), value: format.energyExact(facts.energyWh) },
            { name: t('start'), value: format.timestamp(facts.startS) },
            { name: t('duration'), value: format.duration(facts.durationS) },
            { name: t('endedBy'), value: t(`stopReason.${facts.stopReason}`) },
            { name: t('meterSigned'), value: t(`meterRecord.${meterRecord.state}`) },
            ...(meterRecord.hash === null
              ? []
              : [{ name: t('meterRecordHash'), value: meterRecord.hash, breakAll: true }]),
          ]}
        />
      </section>
      <section>
        <h2 className="flex min-h-8 items-center font-bold">{t('ids')}</h2>
        <DefinitionRows
          rows={[
            { name: t('operator'), value: facts.operatorName },
            { name: t('place'), value: `${facts.siteLabel} · ${facts.bayLabel}` },
            { name: t('charger'), value: facts.chargerId },
            { name: t('number'), value: facts.receiptNumber },
            { name: t('session'), value: facts.sessionId, breakAll: true },
            { name: t('logState'), value: facts.logState, breakAll: true },
          ]}
        />
      </section>
    </>
  )
}
