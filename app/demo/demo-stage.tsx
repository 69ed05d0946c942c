/** Phone on the left, charger on the right, what a person does between them, and the books below. */

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { Mark } from '@/components/ui/mark'
import { createDemoControl, worldBefore } from './demo-control'
import { DemoDriver } from './demo-driver'
import { DemoSwitches, type SwitchState } from './demo-switches'
import { HoldUpButton } from './hold-up-button'
import { LedgerStrip } from './ledger-strip'
import { startPixelExchange, type ExchangeState } from './pixel-exchange'

export interface DemoStageProps {
  readonly controlUrl: string
  readonly kioskUrl: string
}

const nothingShown: ExchangeState = {
  phoneShows: false,
  kioskShows: false,
  phoneLooks: false,
  kioskLooks: false,
}
const phoneAddress = '/?demo=1'
const wasmUrl = '/zxing/zxing_reader.wasm'

export function DemoStage({ controlUrl, kioskUrl }: DemoStageProps) {
  const translate = useTranslations('demo')
  const [control] = useState(() => createDemoControl(controlUrl))
  const world = useSyncExternalStore(control.subscribe, control.snapshot, worldBefore)
  const phone = useRef<HTMLIFrameElement>(null)
  const kiosk = useRef<HTMLIFrameElement>(null)
  const held = useRef(false)
  const [isHeld, setHeld] = useState(false)
  const [phoneOffline, setPhoneOffline] = useState(false)
  const [tampers, setTampers] = useState(false)
  const tamperNow = useRef(false)
  const [exchange, setExchange] = useState(nothingShown)

  useEffect(() => {
    if (phone.current === null || kiosk.current === null) return undefined
    return startPixelExchange(phone.current, kiosk.current, {
      isHeld: () => held.current,
      tampers: () => tamperNow.current,
      onChange: setExchange,
      wasmUrl,
    })
  }, [])

  const hold = useCallback((next: boolean) => {
    held.current = next
    setHeld(next)
  }, [])
  const cutPhone = useCallback((offline: boolean) => {
    setPhoneOffline(offline)
    const message = { type: 'outpost-demo/network', offline }
    phone.current?.contentWindow?.postMessage(message, window.location.origin)
  }, [])
  const switches: SwitchState = { phoneOffline, tampers, state: world.state }

  return (
    <main className="mx-auto flex min-h-dvh max-w-[90rem] flex-col gap-6 p-6">
      <header className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <Mark />
        <h1 className="text-title font-bold">{translate('title')}</h1>
        <p className="text-mute">{translate('lead')}</p>
      </header>
      <div className="grid flex-1 grid-cols-[auto_minmax(16rem,1fr)_auto] items-start gap-6 max-[70rem]:grid-cols-1">
        <figure className="justify-self-center">
          <figcaption className="mb-2 font-bold">{translate('phone')}</figcaption>
          <div className="overflow-hidden rounded-[2.25rem] border-8 border-ink bg-paper">
            <iframe
              ref={phone}
              title={translate('phone')}
              src={phoneAddress}
              allow="publickey-credentials-create; publickey-credentials-get; screen-wake-lock; clipboard-write"
              className="block h-[44rem] w-[22.5rem]"
              onLoad={() => cutPhone(phoneOffline)}
            />
          </div>
        </figure>
        <section className="flex flex-col gap-6" aria-label={translate('between')}>
          <HoldUpButton isHeld={isHeld} exchange={exchange} onHold={hold} />
          <DemoDriver
            onSignedIn={() => phone.current?.contentWindow?.location.assign(phoneAddress)}
            disabled={phoneOffline}
          />
          <DemoSwitches
            switches={switches}
            onPress={(act) => void control.press(act)}
            onPhoneOffline={cutPhone}
            onChargerOffline={(offline) => void control.setChargerOffline(offline)}
            onTamper={(next) => {
              tamperNow.current = next
              setTampers(next)
            }}
          />
        </section>
        <figure className="justify-self-center">
          <figcaption className="mb-2 font-bold">{translate('charger')}</figcaption>
          <div className="box-content h-[45rem] w-[33.75rem] overflow-hidden rounded-card border-8 border-ink bg-paper">
            <iframe
              ref={kiosk}
              title={translate('charger')}
              src={kioskUrl}
              className="block h-[60rem] w-[45rem] origin-top-left scale-75"
            />
          </div>
        </figure>
      </div>
      <LedgerStrip ledger={world.ledger} />
    </main>
  )
}
