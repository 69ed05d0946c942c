/** Digits as large as a cold finger needs, with the keyboard as well. What was typed is never shown. */

import Check from 'lucide-react/icons/check'
import Delete from 'lucide-react/icons/delete'
import { useState, type KeyboardEvent } from 'react'
import { useTranslations } from 'use-intl/react'

export interface PinPadProps {
  readonly label: string
  readonly disabled: boolean
  onDone(pin: string): void
}

const digitsMin = 6
const digitsMax = 12
const key =
  'flex min-h-16 cursor-pointer items-center justify-center rounded-card border border-edge bg-card text-title tabular transition-colors hover:border-ink active:bg-line disabled:cursor-default disabled:border-dashed disabled:text-mute'

export function PinPad({ label, disabled, onDone }: PinPadProps) {
  const t = useTranslations('driver.seal')
  const [pin, setPin] = useState('')
  const add = (digit: string): void =>
    setPin((before) => (before.length < digitsMax ? before + digit : before))
  const remove = (): void => setPin((before) => before.slice(0, -1))
  const isWhole = pin.length >= digitsMin
  const finish = (): void => {
    if (!isWhole || disabled) return
    setPin('')
    onDone(pin)
  }
  const onKey = (event: KeyboardEvent): void => {
    if (disabled) return
    if (/^\d$/.test(event.key)) add(event.key)
    else if (event.key === 'Backspace') remove()
    else if (event.key === 'Enter' && event.target === event.currentTarget) finish()
    else return
    event.preventDefault()
  }
  return (
    // The group takes the keyboard's digits; each of its buttons works alone, too.
    <div role="group" aria-label={label} tabIndex={0} onKeyDown={onKey} className="flex flex-col gap-5">
      <p role="status" className="flex min-h-8 items-center justify-center gap-3">
        <span className="sr-only">{t('digits', { count: pin.length })}</span>
        {Array.from({ length: Math.max(digitsMin, pin.length) }, (_, index) => (
          <span
            key={index}
            aria-hidden="true"
            className={`size-3.5 rounded-full border-2 border-ink ${index < pin.length ? 'bg-ink' : ''}`}
          />
        ))}
      </p>
      <div className="mx-auto grid w-full max-w-80 grid-cols-3 gap-2">
        {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => (
          <button key={digit} type="button" className={key} disabled={disabled} onClick={() => add(digit)}>
            {digit}
          </button>
        ))}
        <button
          type="button"
          className={key}
          aria-label={t('erase')}
          disabled={disabled || pin === ''}
          onClick={remove}
        >
          <Delete className="size-6" strokeWidth={1.75} aria-hidden="true" />
        </button>
        <button type="button" className={key} disabled={disabled} onClick={() => add('0')}>
          0
        </button>
        <button
          type="button"
          className={`${key} ${isWhole && !disabled ? 'border-amber! bg-amber! text-on-amber' : ''}`}
          aria-label={t('confirm')}
          disabled={disabled || !isWhole}
          onClick={finish}
        >
          <Check className="size-6" strokeWidth={2.25} aria-hidden="true" />
        </button>
      </div>
    </div>
  )
}
