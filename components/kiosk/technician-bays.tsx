/** The bays, one beside the other: what each says, and what can be tried at it. */

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/format/use-format'
import { Pager, VerdictMark } from './technician-parts'
import type { TechnicianBay, TechnicianEvents, TechnicianReading, TechnicianView } from './technician-view'

const baysOnPage = 2

export function TechnicianBays({ view, onAct }: { readonly view: TechnicianView } & TechnicianEvents) {
  const [page, setPage] = useState(0)
  const pages = Math.max(1, Math.ceil(view.bays.length / baysOnPage))
  const shown = Math.min(page, pages - 1)
  const { notice } = view
  return (
    <div className="flex h-full flex-col justify-between gap-y-2">
      <ul className="technician-pair" data-upright="one">
        {view.bays.slice(shown * baysOnPage, (shown + 1) * baysOnPage).map((bay) => (
          <li key={bay.connectorId} className="flex flex-col gap-y-1">
            <Bay
              bay={bay}
              nowS={view.nowS}
              canServe={view.rights.service}
              isBusy={notice?.outcome === 'busy'}
              onAct={onAct}
            />
          </li>
        ))}
      </ul>
      <Pager page={shown} pages={pages} onPage={setPage} />
    </div>
  )
}

interface BayProps extends TechnicianEvents {
  readonly bay: TechnicianBay
  readonly nowS: number
  readonly canServe: boolean
  readonly isBusy: boolean
}

function Bay({ bay, nowS, canServe, isBusy, onAct }: BayProps) {
  const t = useTranslations('kiosk.technician.bays')
  const format = useFormat()
  const { connectorId, hasSession, isTakenOut, isConnected, upBasisPoints } = bay
  const isBlocked = isBusy || !isConnected
  return (
    <>
      <div>
        <p className="text-lead font-bold">
          {t('bay', { bay: connectorId })}{' '}
          <span className="text-body font-normal text-mute">
            {bay.identity} · {bay.socket}
            {upBasisPoints === null ? '' : ` · ${t('up', { share: format.percent(upBasisPoints) })}`}
          </span>
        </p>
        <p>
          {isConnected ? (bay.status ?? t('silent')) : t('away')}
          {hasSession ? ` · ${t('session')}` : ''}
          {isTakenOut ? ` · ${t('out')}` : ''}
        </p>
        <p className="tabular">
          {bay.reading === null ? t('noReading') : <Reading reading={bay.reading} nowS={nowS} />}
        </p>
      </div>
      {bay.test === null ? null : (
        <ul aria-label={t('tested')} className="flex flex-wrap gap-x-5">
          {bay.test.map(({ step, verdict }) => (
            <li key={step} className="flex items-center gap-x-2">
              <VerdictMark verdict={verdict} /> {t(`steps.${step}`)}
            </li>
          ))}
        </ul>
      )}
      <div className="grid grid-cols-2 gap-x-2 gap-y-1">
        <Button
          disabled={isBlocked}
          onClick={() => onAct({ kind: 'read-meter', connectorId })}
          className="px-2"
        >
          {t('read')}
        </Button>
        {canServe ? (
          <>
            <Button
              disabled={isBlocked || hasSession}
              onClick={() => onAct({ kind: 'unlock', connectorId })}
              className="px-2"
            >
              {t('unlock')}
            </Button>
            <Button
              disabled={isBlocked || hasSession}
              onClick={() => onAct({ kind: 'test', connectorId })}
              className="px-2"
            >
              {t('test')}
            </Button>
            <Button
              disabled={isBusy}
              onClick={() => onAct({ kind: isTakenOut ? 'put-back' : 'take-out', connectorId })}
              className="px-2"
            >
              {t(isTakenOut ? 'putBack' : 'takeOut')}
            </Button>
          </>
        ) : null}
      </div>
    </>
  )
}

function Reading({ reading, nowS }: { readonly reading: TechnicianReading; readonly nowS: number }) {
  const t = useTranslations('kiosk.technician.bays')
  const format = useFormat()
  const { registerWh, powerW, temperatureDeciC, atS, isSigned } = reading
  const parts = [
    registerWh === null ? undefined : format.energyExact(registerWh),
    powerW === null ? undefined : format.power(powerW),
    temperatureDeciC === null ? undefined : `${Math.round(temperatureDeciC / 10)} °C`,
    isSigned ? t('signed') : undefined,
    format.age(atS, nowS),
  ]
  return <>{parts.filter((part) => part !== undefined).join(' · ')}</>
}
