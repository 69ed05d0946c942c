/** The fleet's invoices: whom they are addressed to, what the next one waits for, and those that are made. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { RefusalNotice } from '../refusal-notice'
import { SectionHead } from '../section-head'
import { BillingAddressDialog } from './billing-address-dialog'
import { InvoiceList } from './invoice-list'
import type { BillingAddress, InvoiceActs, InvoicesShown, InvoicesView } from './invoice-view'

export interface InvoicesProps {
  readonly view: InvoicesView
  readonly acts: InvoiceActs
  readonly asOfS: number
  readonly nowS: number
}

export function Invoices({ view, acts, asOfS, nowS }: InvoicesProps) {
  const t = useTranslations('consoleCredit')
  const { shown, addressing } = view
  return (
    <section aria-labelledby="invoices" className="mt-12">
      <SectionHead
        id="invoices"
        title={t('invoices.title')}
        asOfS={shown.kind === 'there' ? shown.asOfS : asOfS}
        nowS={nowS}
      />
      {shown.kind === 'loading' ? <Spinner awaited={t('loading')} usual={t('usual')} /> : null}
      {shown.kind === 'failed' ? <RefusalNotice refusal={shown.refusal} /> : null}
      {shown.kind === 'there' ? <There view={view} shown={shown} acts={acts} /> : null}
      {addressing === undefined || shown.kind !== 'there' ? null : (
        <BillingAddressDialog
          address={shown.address}
          progress={addressing}
          onAddress={acts.onAddress}
          onClose={acts.onCloseAddress}
        />
      )}
    </section>
  )
}

interface ThereProps {
  readonly view: InvoicesView
  readonly shown: Extract<InvoicesShown, { readonly kind: 'there' }>
  readonly acts: InvoiceActs
}

function There({ view, shown, acts }: ThereProps) {
  const t = useTranslations('consoleCredit.invoices')
  const { fetching, isLoadingMore } = view
  return (
    <>
      <div className="flex flex-col gap-4 not-empty:mb-4">
        {shown.waitsFor === null ? null : (
          <Notice
            tone="plain"
            title={t(`waits.${shown.waitsFor}`)}
            action={t(`waits.${shown.waitsFor}Action`)}
          />
        )}
        {fetching?.progress.kind === 'failed' ? <RefusalNotice refusal={fetching.progress.refusal} /> : null}
      </div>
      <AddressLine address={shown.address} mayChange={view.mayAddress} onChange={acts.onOpenAddress} />
      <InvoiceList
        invoices={shown.invoices}
        empty={t(shown.waitsFor === null ? 'empty' : 'emptyWaiting')}
        fetching={fetching}
        mayExport={view.mayExport}
        onFile={acts.onFile}
      />
      {shown.hasMore ? (
        <div className="mt-4 text-center">
          <Button busy={isLoadingMore} onClick={acts.onMore}>
            {t('more')}
          </Button>
        </div>
      ) : null}
      <div className="mt-3 flex flex-col gap-1 text-note text-mute">
        <p>{t('note')}</p>
        {view.mayExport ? null : <p>{t('mayNotExport')}</p>}
      </div>
    </>
  )
}

interface AddressLineProps {
  readonly address: BillingAddress | null
  readonly mayChange: boolean
  onChange(): void
}

function AddressLine({ address, mayChange, onChange }: AddressLineProps) {
  const t = useTranslations('consoleCredit.invoices.address')
  return (
    <div className="mb-6 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-1">
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p className="text-note text-mute">{t('title')}</p>
        {address === null ? (
          <p>{t('none')}</p>
        ) : (
          <>
            <p className="font-bold">{address.name}</p>
            <p>
              {[address.street, `${address.postalCode} ${address.city}`.trim(), address.country].join(', ')}
            </p>
            <p className="text-note text-mute">
              {[
                ...(address.vatId === null ? [] : [t('vatIdIs', { id: address.vatId })]),
                ...(address.orderReference === null ? [] : [t('orderIs', { order: address.orderReference })]),
                t(`language.${address.locale}`),
              ].join(' · ')}
            </p>
          </>
        )}
      </div>
      <div className="flex flex-col gap-1">
        <Button disabled={!mayChange} onClick={onChange}>
          {t(address === null ? 'set' : 'change')}
        </Button>
        {mayChange ? null : <p className="text-note text-mute">{t('mayNot')}</p>}
      </div>
    </div>
  )
}
