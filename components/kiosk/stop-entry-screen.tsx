/** Typing the stop code, with gloves: large keys, no hurry, five tries. Or the phone shows its own stop to the camera. */

import Delete from 'lucide-react/icons/delete'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { classNames } from '@/components/ui/class-names'
import { reasonText } from '@/lib/format/reason-text'
import type { StopEntryView } from './kiosk-view'

const digitCount = 6

export interface StopEntryProps {
  readonly view: StopEntryView
  /** The camera's living picture. */
  readonly camera: ReactNode
  onDigit(digit: string): void
  onErase(): void
  onConfirm(): void
  onClose(): void
}

export function StopEntryScreen({ view, camera, onDigit, onErase, onConfirm, onClose }: StopEntryProps) {
  const t = useTranslations('kiosk.stopEntry')
  const locked = view.triesLeft === 0
  return (
    <div className="kiosk-body h-full" data-side="code">
      <div className="kiosk-stage arrive flex flex-col gap-y-3">
        <div>
          <h1 className="text-title leading-[1.1] font-bold tracking-[-0.01em]">{t('title')}</h1>
          <p className="kiosk-spare mt-1 text-mute">{t('note')}</p>
        </div>
        <Digits digits={view.digits} />
        <Answer view={view} />
        <div className="flex items-center gap-x-5">
          <div className="aspect-video h-[calc(var(--u)*90)] shrink-0 overflow-hidden rounded-card">
            {camera}
          </div>
          <p className="min-w-0 flex-1 text-mute">{t('phone')}</p>
        </div>
        <div className="mt-auto flex flex-wrap gap-4">
          <Button
            kind="primary"
            disabled={locked || view.digits.length !== digitCount}
            onClick={onConfirm}
            className="flex-1"
          >
            {t('confirm')}
          </Button>
          <Button onClick={onClose} className="flex-1">
            {t('keepCharging')}
          </Button>
        </div>
      </div>
      <div className="kiosk-side flex items-center justify-center">
        <div className="grid grid-cols-3 gap-3">
          {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => (
            <Key key={digit} disabled={locked} onPress={() => onDigit(digit)}>
              {digit}
            </Key>
          ))}
          <span />
          <Key disabled={locked} onPress={() => onDigit('0')}>
            0
          </Key>
          <Key disabled={locked} label={t('erase')} onPress={onErase}>
            <Delete className="size-icon" strokeWidth={1.75} aria-hidden="true" />
          </Key>
        </div>
      </div>
    </div>
  )
}

function Digits({ digits }: { readonly digits: string }) {
  const t = useTranslations('kiosk.stopEntry')
  return (
    <div role="status" aria-label={t('entered', { count: digits.length })} className="flex gap-2.5">
      {Array.from({ length: digitCount }, (_, index) => (
        <span
          key={index}
          aria-hidden="true"
          className={classNames(
            'flex aspect-[4/5] w-[calc(var(--u)*76)] items-center justify-center border-b-[calc(var(--u)*4)] text-[length:var(--text-words)] font-bold tabular',
            index === digits.length ? 'border-amber' : 'border-edge',
            index === 2 && 'mr-4',
          )}
        >
          {digits[index] ?? ''}
        </span>
      ))}
    </div>
  )
}

function Answer({ view }: { readonly view: StopEntryView }) {
  const t = useTranslations('kiosk.stopEntry')
  const translate = useTranslations('reasons')
  const locked = view.triesLeft === 0
  const refusal = locked ? ({ code: 'stop.code-locked' } as const) : view.refusal
  const rest = `${view.triesLeft === null ? '' : `${t('tries', { count: view.triesLeft })}. `}${t('unplug')}`
  if (refusal === null) return <p className="text-mute">{rest}</p>
  const words = reasonText(refusal, translate)
  return (
    <div role="alert">
      <p className="font-bold text-bad">
        {words.title} <span className="font-normal text-mute tabular">{words.code}</span>
      </p>
      <p>{locked ? words.action : rest}</p>
    </div>
  )
}

function Key({
  children,
  label,
  disabled,
  onPress,
}: {
  readonly children: ReactNode
  readonly label?: string
  readonly disabled: boolean
  onPress(): void
}) {
  return (
    <button
      type="button"
      aria-label={label}
      disabled={disabled}
      onClick={onPress}
      className="flex h-[calc(var(--u)*108)] w-[calc(var(--u)*128)] cursor-pointer items-center justify-center rounded-card border border-edge bg-card text-title font-bold transition-colors active:bg-amber active:text-on-amber disabled:border-dashed disabled:text-mute"
    >
      {children}
    </button>
  )
}
