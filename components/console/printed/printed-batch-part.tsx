/** One batch of printed cards: what it is worth, its sheet, its cards, and which chargers have not heard what is void. */

import ArrowLeft from 'lucide-react/icons/arrow-left'
import Printer from 'lucide-react/icons/printer'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { SelectField } from '@/components/ui/select-field'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from '../refusal-notice'
import { SectionHead } from '../section-head'
import { BudgetBar } from '../tokens/budget-bar'
import { CardTable } from './card-table'
import { StaleNotice } from './printed-cards-part'
import { PrintedDialogs } from './printed-dialogs'
import { cardStates, type BatchActs, type BatchView } from './printed-view'
import { UnheardChargers } from './unheard-chargers'

export interface PrintedBatchPartProps {
  readonly view: BatchView
  readonly acts: BatchActs
}

export function PrintedBatchPart({ view, acts }: PrintedBatchPartProps) {
  const t = useTranslations('consolePrinted')
  const { whole, currency, asOfS, nowS, state } = view
  const shown = whole.cards.filter((card) => state === 'all' || card.state === state)
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
      <StaleNotice view={view} />
      <section aria-labelledby="batch" className="mb-12">
        <SectionHead id="batch" title={whole.batch.name} asOfS={asOfS} nowS={nowS} />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-8 lg:grid-cols-[repeat(2,minmax(0,1fr))] lg:gap-12">
          <Money view={view} />
          <Acts view={view} acts={acts} />
        </div>
      </section>
      <section aria-labelledby="cards">
        <SectionHead id="cards" title={t('cards')} asOfS={asOfS} nowS={nowS}>
          <SelectField
            label={t('filter.label')}
            value={state === 'all' ? '' : state}
            options={[
              { value: '', label: t('filter.all') },
              ...cardStates.map((one) => ({ value: one, label: t(`cardState.${one}`) })),
            ]}
            onChange={(chosen) => acts.onState(cardStates.find((one) => one === chosen) ?? 'all')}
          />
        </SectionHead>
        <CardTable
          batch={whole.batch}
          cards={shown}
          currency={currency}
          nowS={nowS}
          mayVoid={view.may.revoke}
          onVoid={acts.onOpenVoid}
        />
        <UnheardChargers unheard={whole.unheard} nowS={nowS} />
      </section>
      <PrintedDialogs dialog={view.dialog} terms={null} currency={currency} acts={acts} />
    </>
  )
}

function Money({ view: { whole, currency, nowS } }: { readonly view: BatchView }) {
  const t = useTranslations('consolePrinted')
  const format = useFormat()
  const { batch, cards } = whole
  const returns = cards.flatMap(({ returnsAtS }) => (returnsAtS === null ? [] : [returnsAtS]))
  const when = returns.length === 0 ? 'none' : format.day(Math.min(...returns))
  return (
    <DefinitionRows
      rows={[
        {
          name: t('worth'),
          value: format.money(batch.worthMinor, currency),
          note: t('countOf', { count: batch.count, amount: format.moneyShort(batch.capMinor, currency) }),
        },
        {
          name: t('spent'),
          value: <BudgetBar usedMinor={batch.spentMinor} ofMinor={batch.worthMinor} currency={currency} />,
          note: t('spentNote', { count: batch.usedCount }),
        },
        {
          name: t('left'),
          value: format.money(batch.leftMinor, currency),
          note: t('leftNote', { count: batch.liveCount }),
          strong: true,
        },
        ...(batch.returningMinor === 0
          ? []
          : [
              {
                name: t('returning'),
                value: format.money(batch.returningMinor, currency),
                note: t('returningNote', { when }),
              },
            ]),
        ...(batch.returnedMinor === 0
          ? []
          : [{ name: t('returned'), value: format.money(batch.returnedMinor, currency) }]),
        { name: t('sites'), value: batch.sites.map(({ label }) => label).join(', ') },
        { name: t('issued'), value: format.moment(batch.issuedAtS, nowS) },
        { name: t('until'), value: format.moment(batch.notAfterS, nowS) },
      ]}
    />
  )
}

function Acts({ view, acts }: { readonly view: BatchView; readonly acts: BatchActs }) {
  const t = useTranslations('consolePrinted')
  const { may, printing, whole } = view
  const isOver = whole.batch.liveCount === 0
  const whyNoSheet = !may.issue ? t('mayNotPrint') : isOver ? t('nothingToPrint') : null
  const whyNoVoid = !may.revoke ? t('mayNotVoid') : isOver ? t('nothingToVoid') : null
  return (
    <div className="flex flex-col items-start gap-4">
      <Button
        kind="primary"
        icon={<Printer className="size-icon shrink-0" strokeWidth={1.75} aria-hidden="true" />}
        disabled={whyNoSheet !== null}
        busy={printing.kind === 'waiting'}
        onClick={acts.onPrint}
      >
        {t('print')}
      </Button>
      <p className="max-w-prose text-note text-mute">{whyNoSheet ?? t('printNote')}</p>
      {printing.kind === 'failed' ? <RefusalNotice refusal={printing.refusal} /> : null}
      <Button kind="destructive" disabled={whyNoVoid !== null} onClick={() => acts.onOpenVoid(null)}>
        {t('voidAll')}
      </Button>
      {whyNoVoid === null || whyNoVoid === whyNoSheet ? null : (
        <p className="text-note text-mute">{whyNoVoid}</p>
      )}
    </div>
  )
}
