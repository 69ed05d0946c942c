/** What signing out leaves behind, said before it happens. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useFormat } from '@/lib/format/use-format'

export interface SignOutView {
  readonly leftMinor: number
  readonly currency: string
  readonly untilS: number | null
  readonly openCount: number
  readonly heldMinor: number
  readonly unreportedCount: number
  readonly online: boolean
  readonly nowS: number
}

export interface SignOutProps {
  readonly view: SignOutView
  onSignOut(givesBack: boolean): Promise<void>
  onClose(): void
}

export function SignOutSheet({ view, onSignOut, onClose }: SignOutProps) {
  const t = useTranslations('driver.signOut')
  const common = useTranslations('common')
  const format = useFormat()
  const [isLeaving, setIsLeaving] = useState(false)
  const leave = (givesBack: boolean): void => {
    setIsLeaving(true)
    void onSignOut(givesBack).finally(() => setIsLeaving(false))
  }
  const money = (amountMinor: number): string => format.money(amountMinor, view.currency)
  const hasCredit = view.leftMinor > 0 && view.untilS !== null
  const facts = [
    ...(hasCredit ? [t('credit', { amount: money(view.leftMinor) })] : []),
    ...(view.openCount > 0 ? [t('open', { count: view.openCount, amount: money(view.heldMinor) })] : []),
    ...(view.unreportedCount > 0 ? [t('unreported', { count: view.unreportedCount })] : []),
    t('receipts'),
  ]
  return (
    <Dialog open title={t('title')} closeLabel={common('close')} onClose={onClose}>
      <div className="flex flex-col gap-5">
        <ul className="flex flex-col divide-y divide-line border-y border-line">
          {facts.map((fact) => (
            <li key={fact} className="py-3">
              {fact}
            </li>
          ))}
        </ul>
        {view.online ? null : <p className="text-mute">{t('offline')}</p>}
        <div className="flex flex-col gap-2">
          <Button
            kind="primary"
            wide
            busy={isLeaving}
            disabled={!view.online}
            onClick={() => leave(hasCredit)}
          >
            {t(hasCredit ? 'giveBack' : 'signOut')}
          </Button>
          {hasCredit && view.untilS !== null ? (
            <Button kind="secondary" wide disabled={!view.online || isLeaving} onClick={() => leave(false)}>
              {t('keep', { when: format.moment(view.untilS, view.nowS) })}
            </Button>
          ) : null}
        </div>
      </div>
    </Dialog>
  )
}
