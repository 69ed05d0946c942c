/** Sticks: the button that serves those that are plugged in, and what came of each. */

import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { classNames } from '@/components/ui/class-names'
import { reasons } from '@/lib/core/reason-codes'
import { useFormat } from '@/lib/format/use-format'
import type { TechnicianEvents, TechnicianStick } from './technician-view'

interface SticksProps extends TechnicianEvents {
  readonly sticks: readonly TechnicianStick[]
  /** A long read and write is under way: a second one would begin nothing. */
  readonly isBusy: boolean
}

export function TechnicianSticks({ sticks, isBusy, onAct }: SticksProps) {
  const t = useTranslations('kiosk.technician.tools')
  return (
    <section className="flex flex-col gap-y-2">
      <h2 className="text-lead font-bold">{t('stick')}</h2>
      {sticks.length === 0 ? <p className="text-mute">{t('stickNote')}</p> : null}
      {sticks.map((stick) => (
        <StickLine key={stick.name} stick={stick} />
      ))}
      <Button disabled={isBusy} onClick={() => onAct({ kind: 'stick' })}>
        {t('serveStick')}
      </Button>
    </section>
  )
}

function StickLine({ stick }: { readonly stick: TechnicianStick }) {
  const t = useTranslations('kiosk.technician.tools')
  const format = useFormat()
  const { name, news, refused, parcels, fault, isPart } = stick
  const facts = { name, news, refused, parcels, size: format.bytes(stick.bytes) }
  return (
    <p
      className={classNames(
        'line-clamp-2 [overflow-wrap:anywhere] tabular',
        fault === null ? 'text-mute' : 'text-bad',
      )}
    >
      {fault !== null && parcels === 0
        ? t('stickFault', { ...facts, code: reasons[fault.code].code })
        : t(isPart ? 'stickPart' : 'stickHas', facts)}
    </p>
  )
}
