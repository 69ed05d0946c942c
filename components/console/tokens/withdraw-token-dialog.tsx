/**
 * Withdraws a token. First what it cannot stop: who may still spend, how much and where. The manager types the driver's
 * name, so that nobody is cut off by a slip of the hand.
 */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Spinner } from '@/components/ui/spinner'
import type { Progress } from '../progress'
import { RefusalNotice } from '../refusal-notice'
import { ReachPanel } from './reach-panel'
import type { Token, TokenReach } from './tokens-view'

export interface WithdrawTokenDialogProps {
  readonly token: Token
  /** Null until it is read. */
  readonly reach: TokenReach | null
  readonly currency: string
  readonly nowS: number
  readonly progress: Progress
  onWithdraw(tokenId: string, confirmation: string): void
  onClose(): void
}

const plain = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

export function WithdrawTokenDialog(props: WithdrawTokenDialogProps) {
  const { token, reach, currency, nowS, progress, onWithdraw, onClose } = props
  const t = useTranslations('console.revoke')
  const reaching = useTranslations('consoleTokens.reach')
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
          if (matches) onWithdraw(token.tokenId, typed)
        }}
      >
        <p>{t(token.claimedAtS === null ? 'unclaimed' : 'claimed')}</p>
        {token.claimedAtS === null ? null : reach === null ? (
          <Spinner awaited={reaching('loading')} usual={reaching('loadingUsual')} />
        ) : (
          <ReachPanel reach={reach} currency={currency} nowS={nowS} isShort />
        )}
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
