/** Where another screen leads to Bluetooth, or says how it stands: one button, one pill, one sentence. */

import Bluetooth from 'lucide-react/icons/bluetooth'
import BluetoothConnected from 'lucide-react/icons/bluetooth-connected'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Pill } from '@/components/ui/pill'

/** Beside the camera. Where the browser has none, the sentence says so only to those who look for another way. */
export function BluetoothWay({
  state,
  onConnect,
}: {
  readonly state: 'can' | 'busy' | 'cannot'
  readonly onConnect: () => void
}) {
  const t = useTranslations('driver.bluetooth')
  if (state === 'cannot') return <p className="text-center text-note text-mute">{t('missing')}</p>
  return (
    <Button
      kind="secondary"
      wide
      busy={state === 'busy'}
      icon={<Bluetooth className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
      onClick={onConnect}
    >
      {t('connect')}
    </Button>
  )
}

/** On the running session: figures come by themselves. */
export function BluetoothLive() {
  const t = useTranslations('driver.bluetooth')
  return (
    <Pill tone="plain" icon={<BluetoothConnected strokeWidth={1.75} aria-hidden="true" />}>
      {t('live')}
    </Pill>
  )
}
