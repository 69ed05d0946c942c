/** Seals as the technician finds them: those that are written down, whole or broken, and new ones. */

import Delete from 'lucide-react/icons/delete'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { classNames } from '@/components/ui/class-names'
import type { SealEntry, TechnicianEvents, TechnicianView } from './technician-view'

const places = ['meter', 'housing', 'terminals', 'door'] as const
const characters = '1234567890-ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const numberMax = 20
const sealsMax = 8

export function TechnicianSeals({ view, onAct }: { readonly view: TechnicianView } & TechnicianEvents) {
  const [found, setFound] = useState<readonly SealEntry[]>(() =>
    view.seals.map((seal) => ({ ...seal, isIntact: true })),
  )
  const [isAdding, setAdding] = useState(false)
  if (isAdding) {
    return (
      <NewSeal
        onAdd={(seal) => {
          setFound([...found.filter(({ place }) => place !== seal.place), seal])
          setAdding(false)
        }}
        onClose={() => setAdding(false)}
      />
    )
  }
  return (
    <SealList
      found={found}
      isBusy={view.notice?.outcome === 'busy'}
      onTurn={(place) =>
        setFound(found.map((seal) => (seal.place === place ? { ...seal, isIntact: !seal.isIntact } : seal)))
      }
      onAdd={() => setAdding(true)}
      onRecord={() => onAct({ kind: 'seals', seals: found })}
    />
  )
}

interface SealListProps {
  readonly found: readonly SealEntry[]
  readonly isBusy: boolean
  onTurn(place: string): void
  onAdd(): void
  onRecord(): void
}

function SealList({ found, isBusy, onTurn, onAdd, onRecord }: SealListProps) {
  const t = useTranslations('kiosk.technician.seals')
  return (
    <div className="flex h-full flex-col gap-y-3">
      {found.length === 0 ? (
        <p className="text-mute">{t('none')}</p>
      ) : (
        <p className="text-mute">{t('note')}</p>
      )}
      <div className="technician-three" data-upright="two">
        {found.map(({ place, number, isIntact }) => (
          <button
            key={place}
            type="button"
            role="switch"
            aria-checked={isIntact}
            aria-label={t('seal', { place: placeWord(t, place), number })}
            onClick={() => onTurn(place)}
            className={classNames(
              'flex min-h-[calc(var(--u)*76)] cursor-pointer items-center justify-between gap-x-3 rounded-card border bg-card px-4 text-left leading-[1.2]',
              isIntact ? 'border-edge' : 'border-bad',
            )}
          >
            <span className="min-w-0">
              <span className="block truncate text-mute">{placeWord(t, place)}</span>
              <span className="block truncate font-bold tabular">{number}</span>
            </span>
            <span className={classNames('shrink-0 font-bold', isIntact ? 'text-good' : 'text-bad')}>
              {t(isIntact ? 'whole' : 'broken')}
            </span>
          </button>
        ))}
      </div>
      <div className="mt-auto flex gap-x-3">
        <Button className="flex-1" disabled={found.length >= sealsMax} onClick={onAdd}>
          {t('add')}
        </Button>
        <Button kind="primary" className="flex-1" disabled={isBusy || found.length === 0} onClick={onRecord}>
          {t('record')}
        </Button>
      </div>
    </div>
  )
}

interface NewSealProps {
  onAdd(seal: SealEntry): void
  onClose(): void
}

/** With keys of its own: a touchscreen has no keyboard. */
function NewSeal({ onAdd, onClose }: NewSealProps) {
  const t = useTranslations('kiosk.technician.seals')
  const [place, setPlace] = useState<string>(places[0])
  const [number, setNumber] = useState('')
  const type = (text: string): void => setNumber(text.toUpperCase().slice(0, numberMax))
  const trimmed = number.trim()
  return (
    <div className="flex h-full flex-col justify-between gap-y-2">
      <div role="group" aria-label={t('place')} className="grid grid-cols-4 gap-2">
        {places.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === place}
            onClick={() => setPlace(one)}
            className={classNames(
              'min-h-(--key) cursor-pointer rounded-card border px-2 font-bold',
              one === place ? 'border-ink bg-ink text-paper' : 'border-edge bg-card',
            )}
          >
            {t(`places.${one}`)}
          </button>
        ))}
      </div>
      <input
        aria-label={t('number')}
        placeholder={t('number')}
        value={number}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => type(event.target.value)}
        className="min-h-(--key) w-full rounded-card border border-edge bg-card px-4 text-lead font-bold tabular select-text"
      />
      <div className="technician-keys">
        {[...characters].map((character) => (
          <Key key={character} onPress={() => type(number + character)}>
            {character}
          </Key>
        ))}
        <Key label={t('erase')} onPress={() => setNumber(number.slice(0, -1))}>
          <Delete className="size-[1.1em]" strokeWidth={1.75} aria-hidden="true" />
        </Key>
      </div>
      <div className="flex gap-x-3">
        <Button className="flex-1" onClick={onClose}>
          {t('back')}
        </Button>
        <Button
          kind="primary"
          className="min-h-target flex-1"
          disabled={trimmed === ''}
          onClick={() => onAdd({ place, number: trimmed, isIntact: true })}
        >
          {t('take')}
        </Button>
      </div>
    </div>
  )
}

interface KeyProps {
  readonly label?: string
  readonly children: React.ReactNode
  onPress(): void
}

function Key({ label, children, onPress }: KeyProps) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onPress}
      className="flex min-h-(--key) cursor-pointer items-center justify-center rounded-card border border-edge bg-card font-bold active:bg-amber active:text-on-amber"
    >
      {children}
    </button>
  )
}

const placeWord = (
  t: ReturnType<typeof useTranslations<'kiosk.technician.seals'>>,
  place: string,
): string => {
  const known = places.find((one) => one === place)
  return known === undefined ? place : t(`places.${known}`)
}
