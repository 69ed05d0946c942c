/** What the meter said: the line of its register, the same as a table, and the records that it signed itself. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { FigureTable } from '@/components/ui/figure-table'
import { useFormat } from '@/lib/format/use-format'
import type { Evidence } from './sessions-view'

type Meter = Evidence['meter']

export interface EvidenceMeterProps {
  readonly meter: Meter
  onSave(name: string, bytes: string): void
}

export function EvidenceMeter({ meter, onSave }: EvidenceMeterProps) {
  const t = useTranslations('consoleSessions.evidence')
  const format = useFormat()
  const { readings, records, startWh, stopWh } = meter
  return (
    <>
      <DefinitionRows
        rows={[
          { name: t('meterBegin'), value: startWh === null ? '–' : format.energyExact(startWh) },
          { name: t('meterEnd'), value: stopWh === null ? '–' : format.energyExact(stopWh) },
        ]}
      />
      {readings.length === 0 ? (
        <p className="mt-3 text-note text-mute">{t('meterNone')}</p>
      ) : (
        <>
          {readings.length > 1 ? <RegisterLine readings={readings} /> : null}
          <FigureTable
            summary={t('meterTable')}
            caption={t('meterCaption')}
            head={[t('meterTime'), t('meterRegister')]}
            rows={readings.map(({ atS, registerWh }) => [
              format.timestamp(atS),
              format.energyExact(registerWh),
            ])}
          />
        </>
      )}
      {records.map((record, index) => (
        <SignedRecord
          key={index}
          record={record}
          onSave={() => onSave(`meter-record-${index + 1}.ocmf`, record.bytes)}
        />
      ))}
    </>
  )
}

const width = 350
const height = 120
const edge = 6

/** Drawn from the first reading up: what counts is what was added. Hidden from screen readers, who have the table. */
function RegisterLine({ readings }: Pick<Meter, 'readings'>) {
  const times = readings.map(({ atS }) => atS)
  const registers = readings.map(({ registerWh }) => registerWh)
  const [fromS, lowest] = [Math.min(...times), Math.min(...registers)]
  const spanS = Math.max(1, Math.max(...times) - fromS)
  const spanWh = Math.max(1, Math.max(...registers) - lowest)
  const points = readings.map(({ atS, registerWh }) => {
    const x = edge + ((atS - fromS) / spanS) * (width - 2 * edge)
    const y = height - edge - ((registerWh - lowest) / spanWh) * (height - 2 * edge)
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className="mt-3 block h-auto w-full" aria-hidden="true">
      <line x1={0} x2={width} y1={height - 1} y2={height - 1} className="stroke-edge" />
      <polyline points={points.join(' ')} className="fill-none stroke-ink" strokeWidth={2} />
    </svg>
  )
}

function SignedRecord({
  record: { meter, fault, isVouched, readings },
  onSave,
}: {
  readonly record: Meter['records'][number]
  onSave(): void
}) {
  const t = useTranslations('consoleSessions.evidence')
  const format = useFormat()
  return (
    <div className="mt-4">
      <h3 className="font-bold">{t('meterSigned')}</h3>
      <p className={fault === null ? 'text-note text-good' : 'text-note text-bad'}>
        {fault === null ? t('meterRight') : t('meterFault', { fault })} {isVouched ? t('meterVouched') : ''}
      </p>
      <DefinitionRows
        rows={[
          ...(meter === null ? [] : [{ name: t('meterSerial', { serial: '' }), value: meter }]),
          ...readings.map(({ atS, energyWh }) => ({
            name: format.timestamp(atS),
            value: energyWh === null ? '–' : `${energyWh} Wh`,
          })),
        ]}
      />
      <Button kind="quiet" className="-ml-6" onClick={onSave}>
        {t('meterFile')}
      </Button>
    </div>
  )
}
