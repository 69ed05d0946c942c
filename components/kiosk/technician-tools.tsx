/** The self-test, sticks, the diagnostics bundle with what is in it, and the way in for a laptop. */

import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/format/use-format'
import { VerdictMark } from './technician-parts'
import { TechnicianSticks } from './technician-sticks'
import type { TechnicianEvents, TechnicianLan, TechnicianView } from './technician-view'

interface ToolsProps extends TechnicianEvents {
  readonly view: TechnicianView
  /** Where this browser can fetch the bundle; null at the touchscreen, which keeps no files. */
  readonly bundleHref: string | null
}

export function TechnicianTools({ view, bundleHref, onAct }: ToolsProps) {
  const t = useTranslations('kiosk.technician.tools')
  const format = useFormat()
  const test = view.health.find(({ check }) => check === 'selfTest')
  const { bundle } = view
  return (
    <div className="technician-three h-full content-start">
      <div className="flex flex-col gap-y-4">
        <section className="flex flex-col gap-y-2">
          <h2 className="flex flex-wrap items-center gap-x-4 text-lead font-bold">
            {t('selfTest')}
            {test === undefined ? null : (
              <span className="flex items-center gap-x-2 text-body font-normal">
                <VerdictMark verdict={test.verdict} /> {t(test.verdict === 'good' ? 'passed' : 'failed')}
              </span>
            )}
          </h2>
          {test === undefined ? <p className="text-mute">{t('selfTestNote')}</p> : null}
          <Button onClick={() => onAct({ kind: 'self-test' })}>{t('runSelfTest')}</Button>
        </section>
        <section className="flex flex-col gap-y-2">
          <h2 className="text-lead font-bold">{t('bundle')}</h2>
          <p className="text-mute">
            {bundle === null
              ? t('bundleNote')
              : t('bundleHas', {
                  size: format.bytes(bundle.bytes),
                  at: format.clock(bundle.madeAtS),
                  events: bundle.parts.find(({ part }) => part === 'events')?.count ?? 0,
                })}
          </p>
          {bundle === null || bundleHref === null ? null : (
            <a className="font-bold underline" href={bundleHref} download>
              {t('fetch')}
            </a>
          )}
          <Button onClick={() => onAct({ kind: 'bundle' })}>{t('makeBundle')}</Button>
        </section>
      </div>
      {view.hasSticks ? (
        <TechnicianSticks
          sticks={view.sticks}
          isBusy={view.notice?.act === 'stick' && view.notice.outcome === 'busy'}
          onAct={onAct}
        />
      ) : null}
      {view.hasLan && view.place === 'screen' ? <Laptop lan={view.lan} onAct={onAct} /> : null}
    </div>
  )
}

function Laptop({ lan, onAct }: { readonly lan: TechnicianLan | null } & TechnicianEvents) {
  const t = useTranslations('kiosk.technician.tools')
  if (lan === null) {
    return (
      <section className="flex flex-col gap-y-2">
        <h2 className="text-lead font-bold">{t('laptop')}</h2>
        <p className="text-mute">{t('laptopNote')}</p>
        <Button onClick={() => onAct({ kind: 'open-lan' })}>{t('letIn')}</Button>
      </section>
    )
  }
  return (
    <section className="flex min-w-0 flex-col gap-y-2">
      <h2 className="text-lead font-bold">{t('laptop')}</h2>
      {lan.password === null ? (
        <p>{t('inside', { minutes: Math.ceil(lan.leftS / 60) })}</p>
      ) : (
        <>
          {lan.addresses.slice(0, 2).map((address) => (
            <p key={address} className="[overflow-wrap:anywhere] select-text">
              {address}
            </p>
          ))}
          <p className="text-title font-bold tabular select-text">{lan.password}</p>
          <p className="text-mute [overflow-wrap:anywhere]">
            {lan.fingerprint === null
              ? t('plain')
              : t('fingerprint', { fingerprint: lan.fingerprint.slice(0, 23) })}
          </p>
        </>
      )}
      <div className="flex gap-x-2">
        <Button className="flex-1 px-2" onClick={() => onAct({ kind: 'close-lan' })}>
          {t('shut')}
        </Button>
        {lan.isUsed ? (
          <Button className="flex-1 px-2" onClick={() => onAct({ kind: 'hand-back' })}>
            {t('handBack')}
          </Button>
        ) : null}
      </div>
    </section>
  )
}
