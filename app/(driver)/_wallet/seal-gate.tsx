'use client'

/** Shows the lock of this phone's key over the page that needs it; the page stays as it is behind. */

import { usePathname } from 'next/navigation'
import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import { isUsablePin } from '@/lib/wallet/pin-gate'
import { usePhone } from './phone-host'
import { desk, unlockEarly, useSealDesk } from './seal-desk'
import { useSecondsUntil } from './seconds-until'

/** Most phones never see it: their browsers keep keys themselves. */
const SealScreen = lazy(async () => {
  const { SealScreen: screen } = await import('@/components/driver/seal-screen')
  return { default: screen }
})

export function SealGate({ children }: { readonly children: ReactNode }) {
  const view = useSealDesk()
  const isReady = usePhone().kind === 'ready'
  const isCeremony = usePathname() === '/charge'
  useEffect(() => {
    if (isReady && isCeremony) void unlockEarly()
  }, [isReady, isCeremony])
  const trouble = view?.trouble ?? null
  const waitS = useSecondsUntil(trouble !== null && 'untilMs' in trouble ? trouble.untilMs : 0)
  return (
    <>
      {view === null ? null : (
        <Suspense fallback={null}>
          <SealScreen
            view={view}
            waitS={waitS}
            isUsablePin={isUsablePin}
            onPin={(pin) => void desk.enterPin(pin)}
            onChangePin={(pin, nextPin) => void desk.changePin(pin, nextPin)}
            onPasskey={() => void desk.usePasskey()}
            onChoosePin={desk.choosePin}
            onLeave={desk.leave}
          />
        </Suspense>
      )}
      <div hidden={view !== null}>{children}</div>
    </>
  )
}
