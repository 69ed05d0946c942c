/** Back from the card provider's page: what was paid there is known here a moment later. */

import { useTranslations } from 'use-intl/react'
import { Spinner } from '@/components/ui/spinner'
import { Screen } from './screen'

export function PaymentOnItsWay({ onBack }: { readonly onBack: () => void }) {
  const t = useTranslations('driver.topUp')
  return (
    <Screen
      title={t('onItsWayTitle')}
      onBack={onBack}
      foot={<Spinner awaited={t('waiting')} usual={t('usual')} />}
    >
      <p className="text-mute">{t('onItsWay')}</p>
    </Screen>
  )
}
