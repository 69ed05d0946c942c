/** The answer to the charger's question, on pure white, to be held to its camera. */

import type { CSSProperties } from 'react'
import { useTranslations } from 'use-intl/react'
import { codeSize } from '@/components/driver/code-frame'
import { Screen } from '@/components/driver/screen'
import { Button } from '@/components/ui/button'
import { QrCode } from '@/components/ui/qr-code'
import type { TechnicianEntryProps } from './technician-view'

const whiteGround = { '--paper': '#ffffff' } as CSSProperties

export function EntryScreen({ view, onAgain, onDone }: TechnicianEntryProps) {
  const t = useTranslations('driver.technician')
  const { chargerId, siteLabel, bayLabel, text } = view
  return (
    <div data-theme="day" style={whiteGround} className="bg-paper text-ink">
      <Screen
        title={t('showTitle')}
        onBack={onDone}
        foot={
          <>
            <Button kind="primary" wide onClick={onDone}>
              {t('opened')}
            </Button>
            <Button wide onClick={onAgain}>
              {t('again')}
            </Button>
          </>
        }
      >
        <div className={codeSize}>
          <QrCode text={text} label={t('codeLabel')} />
        </div>
        <p className="text-center">
          <span className="block text-lead font-bold">{siteLabel}</span>
          <span className="text-mute">{t('charger', { charger: chargerId, bay: bayLabel })}</span>
        </p>
        <p className="text-mute">{t('showLead')}</p>
      </Screen>
    </div>
  )
}
