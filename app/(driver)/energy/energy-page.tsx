'use client'

/** `/energy`: pictures of what was charged, from what is on this phone. */

import { useRouter } from 'next/navigation'
import { useMemo, useState } from 'react'
import { useTimeZone } from 'use-intl'
import { EnergyScreen } from '@/components/driver/energy-screen'
import { minorUnitExponent } from '@/lib/core/currency'
import { deviceTimeZone } from '@/lib/format/device-time-zone'
import { energyFigures } from '@/lib/format/history/energy-months'
import { filterQuery, noFilter } from '@/lib/format/history/filter'
import { WithPhone, type Ready } from '../_wallet/with-phone'

const nothing = (): void => undefined

export function EnergyPage() {
  const router = useRouter()
  const back = (): void => router.push('/account')
  return (
    <WithPhone
      opening={
        <EnergyScreen
          figures={null}
          onCurrency={nothing}
          onOpenMonth={nothing}
          onCharge={nothing}
          onBack={back}
        />
      }
    >
      {(ready) => <Energy ready={ready} onBack={back} />}
    </WithPhone>
  )
}

function Energy({ ready: { phone, nowS }, onBack }: { readonly ready: Ready; onBack(): void }) {
  const router = useRouter()
  const timeZone = useTimeZone() ?? deviceTimeZone()
  const [currency, setCurrency] = useState<string | null>(null)
  const charges = useMemo(() => phone.views.charges(phone.state), [phone])
  const figures = useMemo(
    () =>
      energyFigures(charges, {
        nowS,
        timeZone,
        currency,
        exponentOf: (code) => minorUnitExponent(code) ?? 2,
      }),
    [charges, nowS, timeZone, currency],
  )
  return (
    <EnergyScreen
      figures={figures}
      onCurrency={setCurrency}
      onOpenMonth={(period) => router.push(`/receipts${filterQuery({ ...noFilter, period })}`)}
      onCharge={() => router.push('/charge')}
      onBack={onBack}
    />
  )
}
