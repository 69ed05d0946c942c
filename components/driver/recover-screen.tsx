/** Back into the account when every passkey is gone: a recovery code makes a new one. */

import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/format/use-format'
import { CodeForm, type CodeFormState } from './code-form'
import { Screen } from './screen'

export interface RecoverView {
  readonly online: boolean
  readonly state:
    | CodeFormState
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
  if (view.state.kind === 'done') {
    return <Done {...view.state} nowS={view.nowS} onDone={onDone} onDevices={onDevices} />
  }
  return (
    <CodeForm
      online={view.online}
      state={view.state}
      title={t('title')}
      lead={t('lead')}
      label={t('code')}
      hint={t('codeHint')}
      act={t(view.state.kind === 'waiting' ? 'waiting' : 'recover')}
      icon={<FingerprintPattern className="size-6" strokeWidth={1.75} aria-hidden="true" />}
      autoComplete="off"
      offline={{ title: t('offlineTitle'), action: t('offlineAction') }}
      isWhole={(code) => code.replaceAll(/[\s-]/g, '').length >= codeCharsMin}
      onCode={onRecover}
      onBack={onBack}
    >
      <p className="text-note text-mute">{t('noCodes')}</p>
    </CodeForm>
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
