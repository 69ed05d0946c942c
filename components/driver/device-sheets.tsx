/** One passkey or one phone: its name, and how it goes. */

import { useState, type ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { HoldButton } from '@/components/ui/hold-button'
import { useFormat } from '@/lib/format/use-format'
import { creditOn, type PasskeyView, type PhoneView } from './devices-view'

const nameCharsMax = 40

interface SheetProps {
  readonly isDisabled: boolean
  onRename(name: string): void
  onClose(): void
}

export function PasskeySheet({
  passkey,
  isDisabled,
  onRename,
  onRemove,
  onClose,
}: SheetProps & { readonly passkey: PasskeyView; onRemove(): void }) {
  const t = useTranslations('driver.devices')
  return (
    <Sheet title={passkey.name === '' ? t('passkey') : passkey.name} onClose={onClose}>
      <Name name={passkey.name} isDisabled={isDisabled} onRename={onRename} />
      <p className="text-mute">{t(passkey.isThis ? 'removeThis' : 'removeOther')}</p>
      {isDisabled ? null : (
        <HoldButton wide hint={t('removeHint')} onHeld={onRemove}>
          {t('remove')}
        </HoldButton>
      )}
    </Sheet>
  )
}

export function PhoneSheet({
  phone,
  currency,
  isDisabled,
  onRename,
  onLost,
  onClose,
}: SheetProps & { readonly phone: PhoneView; readonly currency: string; onLost(): void }) {
  const t = useTranslations('driver.devices')
  const format = useFormat()
  const { reservedMinor, releaseAfterS, isLive } = creditOn(phone)
  const figures = {
    amount: format.money(reservedMinor, currency),
    day: releaseAfterS === null ? '' : format.day(releaseAfterS),
  }
  const isNamed = !phone.phoneId.startsWith('key-')
  return (
    <Sheet title={phone.name === '' ? t('unnamedPhone') : phone.name} onClose={onClose}>
      {isNamed ? <Name name={phone.name} isDisabled={isDisabled} onRename={onRename} /> : null}
      {reservedMinor === 0 ? (
        <p>{t('holdsNothing')}</p>
      ) : (
        <p>{t(isLive ? 'lostKeeps' : 'staysReserved', figures)}</p>
      )}
      {phone.lostAtS === null || isLive ? (
        <>
          <p className="text-mute">{t(phone.isThis ? 'lostThis' : 'lostBlocks')}</p>
          {isDisabled ? null : (
            <HoldButton wide hint={t('lostHoldHint')} onHeld={onLost}>
              {t('lost')}
            </HoldButton>
          )}
        </>
      ) : null}
    </Sheet>
  )
}

function Sheet({
  title,
  children,
  onClose,
}: {
  readonly title: string
  readonly children: ReactNode
  onClose(): void
}) {
  const common = useTranslations('common')
  return (
    <Dialog open title={title} closeLabel={common('close')} onClose={onClose}>
      <div className="flex flex-col gap-5">{children}</div>
    </Dialog>
  )
}

function Name({
  name,
  isDisabled,
  onRename,
}: {
  readonly name: string
  readonly isDisabled: boolean
  onRename(name: string): void
}) {
  const t = useTranslations('driver.devices')
  const [typed, setTyped] = useState(name)
  const next = typed.trim()
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (next !== '' && next !== name) onRename(next)
      }}
    >
      <Field
        label={t('name')}
        value={typed}
        maxLength={nameCharsMax}
        autoComplete="off"
        disabled={isDisabled}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button type="submit" kind="secondary" wide disabled={isDisabled || next === '' || next === name}>
        {t('rename')}
      </Button>
    </form>
  )
}
