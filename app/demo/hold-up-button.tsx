/** The one act between the devices: hold the phone to the charger. Says what each screen shows and what to do next. */

import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { PhoneShowsCode } from '@/components/ui/drawings'
import type { ExchangeState } from './pixel-exchange'

export interface HoldUpButtonProps {
  readonly isHeld: boolean
  readonly exchange: ExchangeState
  onHold(next: boolean): void
}

export function HoldUpButton({ isHeld, exchange, onHold }: HoldUpButtonProps) {
  const translate = useTranslations('demo')
  return (
    <div className="flex flex-col gap-4 rounded-card border border-line bg-card p-6">
      <PhoneShowsCode className="h-auto w-full max-w-60 self-center" />
      <p className="min-h-12 text-lead" aria-live="polite">
        {translate(hintFor(isHeld, exchange))}
      </p>
      <Button kind="primary" wide aria-pressed={isHeld} onClick={() => onHold(!isHeld)}>
        {translate(isHeld ? 'takeAway' : 'holdUp')}
      </Button>
    </div>
  )
}

/** What stands in the way, or what happens now, in the order in which it matters to the person. */
function hintFor(isHeld: boolean, exchange: ExchangeState) {
  const phoneCanRead = exchange.phoneLooks && exchange.kioskShows
  const kioskCanRead = exchange.kioskLooks && exchange.phoneShows
  if (isHeld && (phoneCanRead || kioskCanRead)) return 'hintReading'
  if (kioskCanRead) return 'hintPhoneShows'
  if (phoneCanRead) return 'hintKioskShows'
  if (exchange.kioskShows) return 'hintOpenScanner'
  return 'hintStart'
}
