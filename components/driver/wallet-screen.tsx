/** Credit: what is there and where it lies, the grants side by side, who pays, and what happened to the account. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from './refusal-notice'
import { Screen, SectionHead } from './screen'
import { WalletGrants } from './wallet-grants'
import { WalletHistoryPart } from './wallet-history'
import type { WalletCredit, WalletProps } from './wallet-view'

export function WalletScreen(props: WalletProps) {
  const { view } = props
  const t = useTranslations('driver.wallet')
  return (
    <Screen
      title={t('title')}
      onBack={props.onBack}
      foot={
        <Button kind="primary" wide disabled={!view.online} onClick={props.onAddFunds}>
          {t(view.signedIn ? 'addFunds' : 'signIn')}
        </Button>
      }
    >
      {view.credits.map((credit, at) => (
        <Credit key={credit.currency} credit={credit} isFirst={at === 0} nowS={view.nowS} />
      ))}
      {view.credits.length === 0 ? (
        <Notice tone="offline" title={t('unreadTitle')} action={t('unreadAction')} />
      ) : null}
      {view.refusal === null ? null : <RefusalNotice refusal={view.refusal} />}
      <WalletGrants {...props} />
      <PayFrom view={view} onPayFrom={props.onPayFrom} />
      <WalletHistoryPart view={view} onOlder={props.onOlder} onOpenSession={props.onOpenSession} />
    </Screen>
  )
}

interface CreditProps {
  readonly credit: WalletCredit
  readonly isFirst: boolean
  readonly nowS: number
}

function Credit({ credit, isFirst, nowS }: CreditProps) {
  const t = useTranslations('driver.wallet')
  const format = useFormat()
  const { account, currency, hereMinor, waitingMinor } = credit
  const money = (amountMinor: number): string => format.money(amountMinor, currency)
  const rows = [
    { name: t('here'), value: money(hereMinor) },
    ...(account === null || account.elsewhereMinor === 0
      ? []
      : [{ name: t('elsewhere'), value: money(account.elsewhereMinor) }]),
    ...(waitingMinor === 0
      ? []
      : [{ name: t('waiting'), note: t('waitingNote'), value: money(waitingMinor) }]),
  ]
  return (
    <section className="flex flex-col gap-4">
      {isFirst && account !== null ? (
        <Figure
          label={t('balance')}
          value={money(account.balanceMinor)}
          note={<p className="text-note text-mute">{t('asOf', { age: format.age(account.asOfS, nowS) })}</p>}
        />
      ) : (
        <SectionHead>{t('inCurrency', { currency })}</SectionHead>
      )}
      <DefinitionRows rows={rows} />
    </section>
  )
}

function PayFrom({ view, onPayFrom }: Pick<WalletProps, 'view' | 'onPayFrom'>) {
  const t = useTranslations('driver.wallet')
  const { payChoice } = view
  if (payChoice === null) return null
  return (
    <section className="flex flex-col gap-2">
      <Choice
        legend={t('payFrom')}
        layout="column"
        value={payChoice.value}
        onChange={onPayFrom}
        options={payChoice.options.map((option) => ({
          value: option.value,
          label: option.fleetName ?? t(`purse.${option.kind}`),
        }))}
      />
      <p className="text-note text-mute">{t('payFromNote')}</p>
    </section>
  )
}
