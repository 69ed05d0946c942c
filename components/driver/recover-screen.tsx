/** Back into the account when every passkey is gone: a recovery code makes a new one. */

import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern'
import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import type { Refusal } from '@/lib/core/reason'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from './refusal-notice'
import { Screen } from './screen'

export interface RecoverView {
  readonly online: boolean
  readonly state:
    | { readonly kind: 'ready' }
    | { readonly kind: 'waiting' }
    | { readonly kind: 'failed'; readonly refusal: Refusal }
    | { readonly kind: 'done'; readonly coolOffUntilS: number | null; readonly codesLeft: number | null }
  readonly nowS: number
}

export interface RecoverProps {
  view: RecoverView
  onRecover(code: string): void
  onDone(): void
  onDevices(): void
  onBack(): void
}

/** 16 characters, with or without dashes. */
const codeCharsMin = 16

export function RecoverScreen({ view, onRecover, onDone, onDevices, onBack }: RecoverProps) {
  const t = useTranslations('driver.recover')
  const [code, setCode] = useState('')
  if (view.state.kind === 'done') {
    return <Done {...view.state} nowS={view.nowS} onDone={onDone} onDevices={onDevices} />
  }
  const waiting = view.state.kind === 'waiting'
  const isWhole = code.replaceAll(/[\s-]/g, '').length >= codeCharsMin
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isWhole && !waiting) onRecover(code.trim())
      }}
    >
      <Screen
        title={t('title')}
        onBack={onBack}
        foot={
          <Button
            kind="primary"
            type="submit"
            wide
            busy={waiting}
            disabled={!view.online || !isWhole}
            icon={<FingerprintPattern className="size-6" strokeWidth={1.75} aria-hidden="true" />}
          >
            {t(waiting ? 'waiting' : 'recover')}
          </Button>
        }
      >
        <p className="text-lead">{t('lead')}</p>
        <Field
          label={t('code')}
          hint={t('codeHint')}
          value={code}
          disabled={waiting}
          autoCapitalize="characters"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setCode(event.target.value)}
        />
        {view.online ? null : <Notice tone="offline" title={t('offlineTitle')} action={t('offlineAction')} />}
        {view.state.kind === 'failed' ? <RefusalNotice refusal={view.state.refusal} /> : null}
        <p className="text-note text-mute">{t('noCodes')}</p>
      </Screen>
    </form>
  )
}

function Done({
  coolOffUntilS,
  codesLeft,
  nowS,
  onDone,
  onDevices,
}: Omit<Extract<RecoverView['state'], { kind: 'done' }>, 'kind'> &
  Pick<RecoverProps, 'onDone' | 'onDevices'> & { readonly nowS: number }) {
  const t = useTranslations('driver.recover')
  const common = useTranslations('common')
  const format = useFormat()
  return (
    <Screen
      title={t('doneTitle')}
      onBack={null}
      foot={
        <>
          <Button kind="primary" wide onClick={onDone}>
            {common('continue')}
          </Button>
          <Button kind="secondary" wide onClick={onDevices}>
            {t('lostPhone')}
          </Button>
        </>
      }
    >
      <p className="text-lead">{t('doneLead')}</p>
      <ul className="flex flex-col divide-y divide-line border-y border-line">
        {coolOffUntilS === null ? null : (
          <li className="py-3">{t('coolOff', { when: format.moment(coolOffUntilS, nowS) })}</li>
        )}
        <li className="py-3">{t('others')}</li>
        {codesLeft === null ? null : <li className="py-3">{t('codesLeft', { count: codesLeft })}</li>}
      </ul>
    </Screen>
  )
}
