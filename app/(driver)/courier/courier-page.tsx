'use client'

/** `/courier`: whether this phone carries news for chargers without a link, and what came of it. */

import { useRouter } from 'next/navigation'
import { CourierScreen } from '@/components/driver/courier-screen'
import { Screen } from '@/components/driver/screen'
import { WithPhone } from '../_wallet/with-phone'

export function CourierPage() {
  const router = useRouter()
  const back = (): void => router.push('/account')
  return (
    <WithPhone opening={<Screen onBack={back} />}>
      {({ phone, nowS }) => (
        <CourierScreen
          view={phone.views.courier(phone.state, nowS)}
          onCourier={(isCourier) => void phone.acts.prefer(phone, { isCourier })}
          onBack={back}
        />
      )}
    </WithPhone>
  )
}
