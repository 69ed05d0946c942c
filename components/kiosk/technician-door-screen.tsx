/** What a laptop on the charger's network sees first: the password that stands on the touchscreen is asked for. */

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import './kiosk.css'
import './technician.css'

export interface TechnicianDoorView {
  readonly host: string
  readonly problem: 'refused' | 'ended' | 'lost' | null
}

export interface TechnicianDoorProps {
  readonly view: TechnicianDoorView
  onEnter(password: string): void
}

export function TechnicianDoorScreen({ view, onEnter }: TechnicianDoorProps) {
  const t = useTranslations('kiosk.technician.lan')
  const [password, setPassword] = useState('')
  return (
    <div className="kiosk-frame technician-desk">
      <div className="kiosk-ground">
        <main className="row-span-2 flex flex-col items-start justify-center gap-y-5 px-(--gutter)">
          <h1 className="text-title leading-[1.1] font-bold">{t('title', { host: view.host })}</h1>
          <p className="text-mute">{t('body')}</p>
          {view.problem === null ? null : (
            <p role="alert" className="font-bold text-bad">
              {t(view.problem)}
            </p>
          )}
          <form
            className="flex flex-wrap gap-4"
            onSubmit={(event) => {
              event.preventDefault()
              onEnter(password)
            }}
          >
            <input
              aria-label={t('password')}
              placeholder={t('password')}
              value={password}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setPassword(event.target.value)}
              className="min-h-target w-[14em] rounded-card border border-edge bg-card px-4 text-lead font-bold tabular select-text"
            />
            <Button type="submit" kind="primary" disabled={password.trim() === ''}>
              {t('enter')}
            </Button>
          </form>
        </main>
      </div>
    </div>
  )
}
