/** The pass on this phone: what it opens and until when, and the one act that it is for. */

import CircleCheck from 'lucide-react/icons/circle-check'
import CloudOff from 'lucide-react/icons/cloud-off'
import ScanLine from 'lucide-react/icons/scan-line'
import { useTranslations } from 'use-intl/react'
import { RefusalNotice } from '@/components/driver/refusal-notice'
import { Screen } from '@/components/driver/screen'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/format/use-format'
import type { TechnicianPassProps } from './technician-view'

export function PassScreen({ view, onScan, onRenew, onBack }: TechnicianPassProps) {
  const t = useTranslations('driver.technician')
  const format = useFormat()
  const rows = [
    [t('may'), t(`rights.${view.rights}`)],
    [t('where'), view.sites.length === 0 ? t('everywhere') : view.sites.join(', ')],
    [t('until'), format.day(view.untilS)],
    [t('number'), view.serial.replaceAll(/(.{4})(?=.)/g, '$1 ')],
  ] as const
  return (
    <Screen
      title={t('title')}
      onBack={onBack}
      foot={
        <>
          {view.isExpired ? null : (
            <Button
              kind="primary"
              wide
              icon={<ScanLine className="size-6" strokeWidth={1.75} aria-hidden="true" />}
              onClick={onScan}
            >
              {t('scan')}
            </Button>
          )}
          <Button kind={view.isExpired ? 'primary' : 'quiet'} wide onClick={onRenew}>
            {t('renew')}
          </Button>
        </>
      }
    >
      <p className="text-lead">{t('lead')}</p>
      <p role="status" className="flex items-center gap-2 text-note">
        {view.app === 'kept' ? (
          <CircleCheck className="size-5 text-good" strokeWidth={1.75} aria-hidden="true" />
        ) : (
          <CloudOff className="size-5 text-mute" strokeWidth={1.75} aria-hidden="true" />
        )}
        {t(`app.${view.app}`)}
      </p>
      {view.isExpired ? <RefusalNotice refusal={{ code: 'technician.expired' }} /> : null}
      <dl className="flex flex-col">
        {rows.map(([name, value]) => (
          <div key={name} className="border-t border-line py-3">
            <dt className="text-note text-mute">{name}</dt>
            <dd className="font-bold tabular [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
    </Screen>
  )
}
