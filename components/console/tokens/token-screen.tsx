/** One token: what it may be spent on, what was spent, who still can when it was withdrawn, and what can be done. */

import ArrowLeft from 'lucide-react/icons/arrow-left'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { SectionHead } from '../section-head'
import { TokenStateMark } from '../state-marks'
import { BudgetBar } from './budget-bar'
import { ReachPanel } from './reach-panel'
import { clockOf } from './rule-draft'
import { TokenDialogs } from './token-dialogs'
import type {
  HolderKind,
  Holders,
  Token,
  TokenActs,
  TokensDialog,
  TokenTerms,
  TokenView,
} from './tokens-view'

export interface TokenScreenProps {
  readonly view: TokenView
  readonly terms: TokenTerms | null
  readonly holders: Holders
  readonly dialog: TokensDialog
  readonly acts: TokenActs
}

export function TokenScreen({ view, terms, holders, dialog, acts }: TokenScreenProps) {
  const t = useTranslations('consoleTokens')
  const console = useTranslations('console')
  const format = useFormat()
  const { token, reach, currency, asOfS, nowS } = view
  return (
    <>
      <div className="mb-4 -ml-4">
        <Button
          kind="quiet"
          icon={<ArrowLeft className="size-icon shrink-0" strokeWidth={1.75} aria-hidden="true" />}
          onClick={acts.onBack}
        >
          {t('back')}
        </Button>
      </div>
      <div className="mb-8 flex flex-wrap items-center justify-between gap-4">
        <div className="flex flex-wrap items-center gap-3">
          <h1 className="text-title [overflow-wrap:anywhere]">{token.driverName}</h1>
          <TokenStateMark state={token.state} />
        </div>
        <TokenButtons view={view} acts={acts} />
      </div>
      {view.isStale ? (
        <div className="mb-6">
          <Notice
            tone="offline"
            title={console('stale.title')}
            action={console('stale.action', { when: format.moment(asOfS, nowS) })}
          />
        </div>
      ) : null}
      {token.rulesWait ? (
        <div className="mb-6">
          <Notice tone="offline" title={t('rulesWait')} action={t('rulesWaitAction')} />
        </div>
      ) : null}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-12 lg:grid-cols-[repeat(2,minmax(0,1fr))]">
        <div className="flex flex-col gap-12">
          <Spending view={view} />
          <Rules view={view} />
        </div>
        <section aria-labelledby="reach">
          <SectionHead id="reach" title={t('reach.title')} asOfS={asOfS} nowS={nowS} />
          {reach === null ? (
            <Spinner awaited={t('reach.loading')} usual={t('reach.loadingUsual')} />
          ) : (
            <ReachPanel reach={reach} currency={currency} nowS={nowS} />
          )}
        </section>
      </div>
      <TokenDialogs
        dialog={dialog}
        terms={terms}
        holders={holders}
        currency={currency}
        nowS={nowS}
        acts={acts}
      />
    </>
  )
}

function TokenButtons({ view, acts }: { readonly view: TokenView; readonly acts: TokenActs }) {
  const t = useTranslations('consoleTokens')
  const { token, may } = view
  const isOver = token.state === 'revoked'
  const why = isOver ? t('isRevoked') : may.issue && may.revoke ? null : t('mayNotChange')
  return (
    <div className="flex flex-col items-end gap-1">
      <div className="flex flex-wrap gap-3">
        <Button
          disabled={isOver || token.state === 'expired' || !may.issue}
          onClick={() => acts.onOpenRules(token)}
        >
          {t('change.open')}
        </Button>
        <Button disabled={isOver || !may.issue} onClick={() => acts.onOpenRenew(token)}>
          {t('renew.open')}
        </Button>
        <Button
          kind="destructive"
          disabled={isOver || !may.revoke}
          onClick={() => acts.onOpenWithdraw(token)}
        >
          {t('withdraw')}
        </Button>
      </div>
      {why === null ? null : <p className="text-note text-mute">{why}</p>}
    </div>
  )
}

/** A driver of the list whose name stands on the token already needs no row. */
function holderRows({ driver, vehicle, driverName }: Token, nameOf: (kind: HolderKind) => string) {
  return [
    ...(driver === null || driver.label === driverName
      ? []
      : [{ name: nameOf('drivers'), value: driver.label }]),
    ...(vehicle === null ? [] : [{ name: nameOf('vehicles'), value: vehicle.label }]),
  ]
}

function Spending({ view: { token, currency, asOfS, nowS } }: { readonly view: TokenView }) {
  const t = useTranslations('consoleTokens')
  const format = useFormat()
  return (
    <section aria-labelledby="spending">
      <SectionHead id="spending" title={t('spending')} asOfS={asOfS} nowS={nowS} />
      <DefinitionRows
        rows={[
          ...holderRows(token, (kind) => t(`holder.${kind}`)),
          {
            name: t('spent'),
            value: (
              <BudgetBar
                usedMinor={token.spentMinor + token.heldMinor}
                ofMinor={token.capMinor}
                currency={currency}
              />
            ),
          },
          {
            name: t('month'),
            value: (
              <BudgetBar
                usedMinor={token.monthMinor}
                ofMinor={token.rules.monthLimitMinor}
                currency={currency}
              />
            ),
          },
          { name: t('held'), value: format.money(token.heldMinor, currency), note: t('heldNote') },
          { name: t('issued'), value: format.moment(token.issuedAtS, nowS) },
          {
            name: t('claimed'),
            value: token.claimedAtS === null ? '–' : format.moment(token.claimedAtS, nowS),
          },
          { name: t('until'), value: format.moment(token.expiresAtS, nowS) },
          ...(token.revokedAtS === null
            ? []
            : [{ name: t('withdrawn'), value: format.moment(token.revokedAtS, nowS) }]),
        ]}
      />
      <p className="mt-3">
        <a className="underline" href={`/fleet/sessions?token=${encodeURIComponent(token.tokenId)}`}>
          {t('sessions')}
        </a>
      </p>
    </section>
  )
}

function Rules({ view: { token, siteNames, currency, asOfS, nowS } }: { readonly view: TokenView }) {
  const t = useTranslations('consoleTokens.rules')
  const format = useFormat()
  const { rules } = token
  const limit = (minor: number): string => (minor === 0 ? t('none') : format.money(minor, currency))
  return (
    <section aria-labelledby="rules">
      <SectionHead id="rules" title={t('title')} asOfS={asOfS} nowS={nowS} />
      <DefinitionRows
        rows={[
          { name: t('perSession'), value: limit(rules.sessionCapMinor) },
          { name: t('perDay'), value: limit(rules.dailyLimitMinor) },
          { name: t('perMonth'), value: limit(rules.monthLimitMinor) },
          {
            name: t('hours'),
            value:
              rules.fromMinute === rules.toMinute
                ? t('allDay')
                : t('span', { from: clockOf(rules.fromMinute), to: clockOf(rules.toMinute) }),
          },
          {
            name: t('powerMost'),
            value: rules.connectorPowerMaxW === null ? t('none') : format.power(rules.connectorPowerMaxW),
          },
          {
            name: t('class'),
            value: rules.vehicleClass === 0 ? t('classUsual') : t('classOf', { index: rules.vehicleClass }),
          },
          {
            name: t('sites'),
            value:
              rules.sites.length === 0
                ? t('everywhere')
                : rules.sites.map((site) => siteNames.get(site) ?? site).join(', '),
          },
        ]}
      />
    </section>
  )
}
