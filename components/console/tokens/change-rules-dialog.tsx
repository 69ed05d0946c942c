/** Other rules for a token, and from when they hold. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import type { Progress } from '../progress'
import { RefusalNotice } from '../refusal-notice'
import { draftOf, rulesOfDraft } from './rule-draft'
import { RuleFields } from './rule-fields'
import type { HolderKind, Holders, Token, TokenRules, TokenTerms } from './tokens-view'

export interface ChangeRulesDialogProps {
  readonly token: Token
  readonly currency: string
  readonly terms: TokenTerms | null
  readonly holders: Holders
  readonly progress: Progress
  onFind(kind: HolderKind, text: string): void
  onChange(tokenId: string, rules: TokenRules): void
  onClose(): void
}

export function ChangeRulesDialog({
  token,
  currency,
  terms,
  holders,
  progress,
  onFind,
  onChange,
  onClose,
}: ChangeRulesDialogProps) {
  const t = useTranslations('consoleTokens.change')
  const common = useTranslations('common')
  const [draft, setDraft] = useState(() => draftOf(token, currency))
  const waiting = progress.kind === 'waiting'
  const rules = rulesOfDraft(draft, currency)
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
          if (rules !== undefined) onChange(token.tokenId, rules)
        }}
      >
        <p>{t(token.claimedAtS === null ? 'fromClaim' : 'fromRenewal')}</p>
        <RuleFields
          draft={draft}
          currency={currency}
          sites={terms?.sites ?? []}
          holders={holders}
          asksDriver
          onFind={onFind}
          disabled={waiting}
          onDraft={(change) => setDraft({ ...draft, ...change })}
        />
        {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
        <Button kind="primary" type="submit" wide busy={waiting} disabled={rules === undefined}>
          {t('act')}
        </Button>
      </form>
    </Dialog>
  )
}
