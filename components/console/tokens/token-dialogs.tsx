/** The one question that stands before the page. */

import { IssuedTokenDialog, IssueTokenDialog } from './issue-token-dialog'
import { ChangeRulesDialog } from './change-rules-dialog'
import { RenewTokenDialog } from './renew-token-dialog'
import type { Holders, TokenActs, TokensDialog, TokenTerms } from './tokens-view'
import { WithdrawTokenDialog } from './withdraw-token-dialog'

export interface TokenDialogsProps {
  readonly dialog: TokensDialog
  readonly terms: TokenTerms | null
  readonly holders: Holders
  readonly currency: string
  readonly nowS: number
  readonly acts: TokenActs
}

export function TokenDialogs({ dialog, terms, holders, currency, nowS, acts }: TokenDialogsProps) {
  const shared = { currency, terms, onClose: acts.onCloseDialog }
  const lists = { holders, onFind: acts.onFind }
  switch (dialog.kind) {
    case 'none':
      return null
    case 'issue':
      return <IssueTokenDialog {...shared} {...lists} {...dialog} onIssue={acts.onIssue} />
    case 'issued':
      return <IssuedTokenDialog {...dialog} onCopy={acts.onCopy} onClose={acts.onCloseDialog} />
    case 'rules':
      return <ChangeRulesDialog {...shared} {...lists} {...dialog} onChange={acts.onChangeRules} />
    case 'renew':
      return <RenewTokenDialog {...shared} {...dialog} nowS={nowS} onRenew={acts.onRenew} />
    case 'withdraw':
      return (
        <WithdrawTokenDialog
          {...dialog}
          currency={currency}
          nowS={nowS}
          onWithdraw={acts.onWithdraw}
          onClose={acts.onCloseDialog}
        />
      )
  }
}
