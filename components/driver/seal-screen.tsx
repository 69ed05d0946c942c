/** Locks this phone's signing key by passkey or PIN where the browser cannot, and unlocks it before something is signed. */

import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern'
import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'
import { PinPad } from './pin-pad'
import { Screen } from './screen'

export interface SealView {
  readonly what: 'set-up' | 'unlock' | 'change'
  readonly way: 'choose' | 'pin' | 'passkey'
  /** Whether the account has a passkey that could lock the key. */
  readonly hasPasskey: boolean
  readonly isBusy: boolean
  readonly trouble:
    | null
    | { readonly kind: 'wrong'; readonly left: number; readonly untilMs: number }
    | { readonly kind: 'wait'; readonly untilMs: number }
    | { readonly kind: 'destroyed' }
    /** The passkey has no secret to give, or its sheet was closed. */
    | { readonly kind: 'no-passkey' }
    | { readonly kind: 'storage' }
}

export interface SealProps {
  view: SealView
  /** Until the next try; 0 where there is nothing to wait for. */
  waitS: number
  /** Whether a new PIN is not one of those that everybody tries first. */
  isUsablePin(pin: string): boolean
  onPin(pin: string): void
  onChangePin(pin: string, nextPin: string): void
  onPasskey(): void
  onChoosePin(): void
  onLeave(): void
}

export function SealScreen(props: SealProps) {
  const { view } = props
  if (view.trouble?.kind === 'destroyed') return <Destroyed {...props} />
  if (view.what === 'unlock') return <Unlock {...props} />
  if (view.what === 'change') return <ChangePin {...props} />
  return view.way === 'pin' ? <NewPin {...props} /> : <Choose {...props} />
}

function Choose({ view, onPasskey, onChoosePin, onLeave }: SealProps) {
  const t = useTranslations('driver.seal')
  const pin = (
    <Button
      kind={view.hasPasskey ? 'secondary' : 'primary'}
      wide
      disabled={view.isBusy}
      onClick={onChoosePin}
    >
      {t('byPin')}
    </Button>
  )
  return (
    <Screen
      title={t('chooseTitle')}
      onBack={onLeave}
      foot={
        <>
          {view.hasPasskey ? (
            <PasskeyButton isBusy={view.isBusy} label={t('byPasskey')} onClick={onPasskey} />
          ) : null}
          {pin}
        </>
      }
    >
      <p className="text-lead">{t('chooseLead')}</p>
      <ul className="flex flex-col divide-y divide-line border-y border-line">
        {(['asked', 'limit', 'lost'] as const).map((key) => (
          <li key={key} className="py-3">
            {t(`choose.${key}`)}
          </li>
        ))}
      </ul>
      {view.trouble?.kind === 'no-passkey' ? (
        <Notice tone="plain" urgent title={t('noSecretTitle')} action={t('noSecretAction')} />
      ) : null}
    </Screen>
  )
}

function NewPin({ view, isUsablePin, onPin, onLeave }: SealProps) {
  const t = useTranslations('driver.seal')
  const [first, setFirst] = useState<string | null>(null)
  const [problem, setProblem] = useState<'weak' | 'differs' | null>(null)
  const take = (pin: string): void => {
    if (first === null) {
      setProblem(isUsablePin(pin) ? null : 'weak')
      if (isUsablePin(pin)) setFirst(pin)
      return
    }
    setProblem(first === pin ? null : 'differs')
    setFirst(null)
    if (first === pin) onPin(pin)
  }
  const title = t(first === null ? 'newPinTitle' : 'repeatTitle')
  return (
    <Screen title={title} onBack={onLeave}>
      <p>{t(first === null ? 'newPinLead' : 'repeatLead')}</p>
      <PinPad key={first === null ? 'first' : 'second'} label={title} disabled={view.isBusy} onDone={take} />
      {problem === null ? null : (
        <Notice tone="bad" urgent title={t(`${problem}Title`)} action={t(`${problem}Action`)} />
      )}
      {view.isBusy ? <p className="text-center text-mute">{t('working')}</p> : null}
      {view.trouble?.kind === 'storage' ? <StorageTrouble /> : null}
    </Screen>
  )
}

/** The old PIN first; whether it is right shows only with the new one, so that no try is spent for nothing. */
function ChangePin(props: SealProps) {
  const { view, waitS, onChangePin, onLeave } = props
  const t = useTranslations('driver.seal')
  const [old, setOld] = useState<string | null>(null)
  const { trouble } = view
  if (old !== null) {
    return (
      <NewPin
        {...props}
        onPin={(next) => {
          setOld(null)
          onChangePin(old, next)
        }}
      />
    )
  }
  return (
    <Screen title={t('oldPinTitle')} onBack={onLeave}>
      <p>{t('oldPinLead')}</p>
      <PinPad label={t('oldPinTitle')} disabled={view.isBusy || waitS > 0} onDone={setOld} />
      {view.isBusy ? <p className="text-center text-mute">{t('working')}</p> : null}
      {trouble?.kind === 'wrong' || trouble?.kind === 'wait' ? (
        <Wrong trouble={trouble} waitS={waitS} />
      ) : null}
      {trouble?.kind === 'storage' ? <StorageTrouble /> : null}
    </Screen>
  )
}

function Unlock({ view, waitS, onPin, onPasskey, onLeave }: SealProps) {
  const t = useTranslations('driver.seal')
  const { trouble } = view
  if (view.way === 'passkey') {
    return (
      <Screen
        title={t('unlockTitle')}
        onBack={onLeave}
        foot={<PasskeyButton isBusy={view.isBusy} label={t('unlockByPasskey')} onClick={onPasskey} />}
      >
        <p className="text-lead">{t('unlockPasskeyLead')}</p>
        {trouble?.kind === 'no-passkey' ? (
          <Notice tone="bad" urgent title={t('notOpenedTitle')} action={t('notOpenedAction')} />
        ) : null}
      </Screen>
    )
  }
  return (
    <Screen title={t('unlockTitle')} onBack={onLeave}>
      <p>{t('unlockPinLead')}</p>
      <PinPad label={t('unlockTitle')} disabled={view.isBusy || waitS > 0} onDone={onPin} />
      {view.isBusy ? <p className="text-center text-mute">{t('working')}</p> : null}
      {trouble?.kind === 'wrong' || trouble?.kind === 'wait' ? (
        <Wrong trouble={trouble} waitS={waitS} />
      ) : null}
      {trouble?.kind === 'storage' ? <StorageTrouble /> : null}
    </Screen>
  )
}

function Wrong({
  trouble,
  waitS,
}: {
  readonly trouble: Extract<SealView['trouble'], { kind: 'wrong' | 'wait' }>
  readonly waitS: number
}) {
  const t = useTranslations('driver.seal')
  const format = useFormat()
  const wait = waitS > 0 ? t('waitAction', { wait: format.duration(waitS) }) : undefined
  if (trouble.kind === 'wait') return <Notice tone="plain" title={t('waitTitle')} action={wait} />
  return (
    <Notice
      tone="bad"
      urgent
      title={t('wrongTitle', { count: trouble.left })}
      action={wait ?? t(trouble.left <= 3 ? 'wrongLastAction' : 'wrongAction')}
    />
  )
}

function Destroyed({ onLeave }: SealProps) {
  const t = useTranslations('driver.seal')
  const common = useTranslations('common')
  return (
    <Screen
      title={t('destroyedTitle')}
      onBack={null}
      foot={
        <Button kind="primary" wide onClick={onLeave}>
          {common('continue')}
        </Button>
      }
    >
      <p className="text-lead">{t('destroyedMoney')}</p>
      <p>{t('destroyedNext')}</p>
    </Screen>
  )
}

function StorageTrouble() {
  const t = useTranslations('driver.seal')
  return <Notice tone="bad" urgent title={t('storageTitle')} action={t('storageAction')} />
}

function PasskeyButton({
  isBusy,
  label,
  onClick,
}: {
  readonly isBusy: boolean
  readonly label: string
  onClick(): void
}) {
  return (
    <Button
      kind="primary"
      wide
      busy={isBusy}
      icon={<FingerprintPattern className="size-6" strokeWidth={1.75} aria-hidden="true" />}
      onClick={onClick}
    >
      {label}
    </Button>
  )
}
