/** Withdraws a token. The manager types the driver's name, so that nobody is cut off by a slip of the hand. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import type { Progress, TokenRow } from './fleet-view'
import { RefusalNotice } from './refusal-notice'

export interface RevokeTokenDialogProps {
  readonly token: TokenRow
  readonly progress: Progress
  onRevoke(tokenId: string, confirmation: string): void
  onClose(): void
}

const plain = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

export function RevokeTokenDialog({ token, progress, onRevoke, onClose }: RevokeTokenDialogProps) {
  const t = useTranslations('console.revoke')
  const common = useTranslations('common')
  const [typed, setTyped] = useState('')
  const waiting = progress.kind === 'waiting'
  const matches = plain(typed) === plain(token.driverName)
  return (
    <Dialog
      open
      form="dialog"
      title={t('title', { name: token.driverName })}
      closeLabel={common('close')}
      onClose={onClose}
    >
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (matches) onRevoke(token.tokenId, typed)
        }}
      >
        <p>{t(token.state === 'unclaimed' ? 'unclaimed' : 'claimed')}</p>
        <Field
          label={t('type', { name: token.driverName })}
          value={typed}
          disabled={waiting}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
        {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button kind="destructive" type="submit" busy={waiting} disabled={!matches}>
            {t('revoke')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
