/** Another tab has the wallet: a calm word, and a way to go on here. */

import PanelsTopLeft from 'lucide-react/icons/panels-top-left'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Screen } from './screen'

export interface SecondTabProps {
  readonly isTaking: boolean
  onUseHere(): void
}

export function SecondTabScreen({ isTaking, onUseHere }: SecondTabProps) {
  const t = useTranslations('driver.secondTab')
  return (
    <Screen
      onBack={null}
      foot={
        <Button kind="primary" wide busy={isTaking} onClick={onUseHere}>
          {t(isTaking ? 'taking' : 'useHere')}
        </Button>
      }
    >
      <div className="flex flex-1 flex-col justify-center gap-5">
        <PanelsTopLeft className="size-12 text-offline" strokeWidth={1.5} aria-hidden="true" />
        <h1 className="text-title">{t('title')}</h1>
        <p className="text-lead">{t('lead')}</p>
        <p className="text-mute">{t('safe')}</p>
      </div>
    </Screen>
  )
}
