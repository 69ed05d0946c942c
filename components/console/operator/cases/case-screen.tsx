/** One case: what it is about, its money, what was done, what was signed, and what whoever looks may do now. */

import ArrowLeft from 'lucide-react/icons/arrow-left'
import Download from 'lucide-react/icons/download'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'
import { SectionHead } from '../../section-head'
import { CaseQuestion } from './case-question'
import { CaseStateMark } from './case-state-mark'
import { useCaseWords } from './case-words'
import { caseSteps, type CaseActs, type CaseView } from './cases-view'

export interface CaseScreenProps {
  readonly view: CaseView
  readonly acts: CaseActs
}

const iconProps = { className: 'size-icon shrink-0', strokeWidth: 1.75, 'aria-hidden': true } as const

export function CaseScreen({ view, acts }: CaseScreenProps) {
  const t = useTranslations('consoleOperator.cases')
  const { asOfS, nowS } = view
  const section = (id: string, title: string, children: ReactNode) => (
    <section aria-labelledby={id} className="mb-10">
      <SectionHead id={id} title={title} asOfS={asOfS} nowS={nowS} />
      {children}
    </section>
  )
  return (
    <>
      <Button kind="quiet" className="-ml-6" icon={<ArrowLeft {...iconProps} />} onClick={acts.onBack}>
        {t('back')}
      </Button>
      <Head view={view} />
      <Steps view={view} acts={acts} />
      <div className="grid gap-x-10 lg:grid-cols-2">
        <div className="min-w-0">
          {section('about', t('about'), <About view={view} />)}
          {section('evidence', t('evidence'), <Evidence view={view} acts={acts} />)}
        </div>
        <div className="min-w-0">{section('history', t('history'), <History view={view} />)}</div>
      </div>
      {view.asked === null ? null : (
        <CaseQuestion key={view.asked.step} found={view.found} {...view.asked} acts={acts} />
      )}
    </>
  )
}

function Head({ view: { found, asOfS, nowS, isStale } }: Pick<CaseScreenProps, 'view'>) {
  const t = useTranslations('consoleOperator.cases')
  const console = useTranslations('console')
  const format = useFormat()
  const wordOf = useCaseWords()
  const { kind, state, verdict, takenBy, isMine, openedAtS } = found.summary
  return (
    <>
      <div className="mt-2 mb-6">
        <h1 className="text-title [overflow-wrap:anywhere]">{wordOf('kinds', kind)}</h1>
        <p className="text-mute">{t('openedAt', { when: format.timestamp(openedAtS) })}</p>
        <p className="mt-1 flex flex-wrap items-center gap-x-3">
          <CaseStateMark state={state} />
          {verdict === null ? null : <span>{wordOf('steps', verdict)}</span>}
          {takenBy === null ? null : <span>{isMine ? t('you') : takenBy}</span>}
        </p>
      </div>
      {isStale ? (
        <div className="mb-6">
          <Notice
            tone="offline"
            title={console('stale.title')}
            action={console('stale.action', { when: format.moment(asOfS, nowS) })}
          />
        </div>
      ) : null}
    </>
  )
}

function Steps({ view: { found }, acts }: CaseScreenProps) {
  const t = useTranslations('consoleOperator.cases')
  const wordOf = useCaseWords()
  const steps = caseSteps.filter((step) => found.steps.includes(step))
  const { state, takenBy, isMine } = found.summary
  if (steps.length === 0)
    return <p className="mb-10 text-note text-mute">{t(state === 'decided' ? 'isFinal' : 'mayNot')}</p>
  return (
    <div className="mb-10 flex flex-col gap-2">
      <div className="flex flex-wrap gap-3">
        {steps.map((step) => (
          <Button
            key={step}
            kind={step === 'take-up' ? 'primary' : 'secondary'}
            onClick={() => acts.onAsk(step)}
          >
            {wordOf('steps', step)}
          </Button>
        ))}
      </div>
      {takenBy !== null && !isMine ? (
        <p className="text-note text-mute">{t('colleague', { name: takenBy })}</p>
      ) : null}
      {state === 'open' ? <p className="text-note text-mute">{t('takeFirst')}</p> : null}
    </div>
  )
}

function About({ view: { found } }: Pick<CaseScreenProps, 'view'>) {
  const t = useTranslations('consoleOperator.cases.money')
  const format = useFormat()
  const { summary, money, currency, facts } = found
  const wordOf = useCaseWords()
  const amount = (amountMinor: number): string => format.money(amountMinor, currency)
  const ids = [
    { name: t('charger'), value: summary.chargerId },
    { name: t('session'), value: summary.sessionId },
    { name: t('grant'), value: summary.serial },
    { name: t('payer'), value: money?.payer ?? null },
  ]
  return (
    <DefinitionRows
      rows={[
        ...(money === null
          ? []
          : [
              { name: t('pending'), value: amount(money.disputedMinor), strong: true },
              { name: t('posted'), value: amount(money.postedMinor) },
              { name: t('held'), value: amount(money.holdMinor) },
              { name: t('upheld'), value: amount(money.upheldMinor) },
              { name: t('refunded'), value: amount(money.refundedMinor) },
            ]),
        ...ids.flatMap(({ name, value }) => (value === null ? [] : [{ name, value, breakAll: true }])),
        { name: t('case'), value: summary.caseId, breakAll: true },
        ...Object.entries(facts).map(([name, value]) => {
          const word = wordOf('facts', name)
          return {
            // What has no word yet is shown by the name that the evidence gives it.
            name: word === name ? <code>{name}</code> : word,
            value:
              name.endsWith('Minor') && typeof value === 'number'
                ? amount(value)
                : name === 'reason'
                  ? wordOf('reasons', String(value))
                  : String(value),
            breakAll: true,
          }
        }),
      ]}
    />
  )
}

function History({ view: { found, nowS } }: Pick<CaseScreenProps, 'view'>) {
  const t = useTranslations('consoleOperator.cases')
  const format = useFormat()
  const wordOf = useCaseWords()
  if (found.history.length === 0)
    return <p className="border-y border-line py-6 text-mute">{t('noHistory')}</p>
  return (
    <ol className="divide-y divide-line border-y border-line">
      {found.history.map(({ seq, step, author, reason, note, facts, atS }) => {
        const amountMinor = facts['amountMinor']
        return (
          <li key={seq} className="py-3">
            <p className="flex flex-wrap justify-between gap-x-4">
              <span className="font-bold">
                {wordOf('steps', step)}
                {typeof amountMinor === 'number' && amountMinor > 0
                  ? ` · ${format.money(amountMinor, found.currency)}`
                  : ''}
              </span>
              <span className="text-note text-mute tabular">{format.moment(atS, nowS)}</span>
            </p>
            <p className="text-note text-mute">
              {wordOf('authors', author)} · {wordOf('reasons', reason)}
            </p>
            {note === null || note === '' ? null : <p className="[overflow-wrap:anywhere]">{note}</p>}
          </li>
        )
      })}
    </ol>
  )
}

function Evidence({ view: { found }, acts }: CaseScreenProps) {
  const t = useTranslations('consoleOperator.cases')
  const format = useFormat()
  if (found.evidence.length === 0)
    return <p className="border-y border-line py-6 text-mute">{t('noEvidence')}</p>
  return (
    <>
      <DefinitionRows
        rows={found.evidence.map(({ label, hash, bytes }) => ({
          ...{ name: <code>{label}</code>, value: format.bytes(bytes) },
          note: <span className="break-all">{hash}</span>,
        }))}
      />
      <Button className="mt-4" icon={<Download {...iconProps} />} onClick={acts.onSaveEvidence}>
        {t('saveEvidence')}
      </Button>
    </>
  )
}
