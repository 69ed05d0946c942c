/** A receipt with everything needed to check it: lines, tax, what happened when, meter, ids, and every check. */

import Download from 'lucide-react/icons/download'
import LinkIcon from 'lucide-react/icons/link'
import ShareIcon from 'lucide-react/icons/share-2'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import { Steps } from '@/components/ui/steps'
import { useFormat } from '@/lib/format/use-format'
import { CheckLine, ReceiptChecks } from './receipt-checks'
import { ReceiptDispute, type DisputeWords } from './receipt-dispute'
import { ReceiptLines } from './receipt-lines'
import { ReceiptOrigin } from './receipt-origin'
import { ReceiptStory } from './receipt-story'
import type { ReceiptView } from './receipt-view'
import { Screen, SectionHead } from './screen'

export interface ReceiptProps {
  view: ReceiptView
  /** Null where the browser cannot share; saving takes its place then. */
  onShare: (() => void) | null
  onSave(): void
  onCopyLink(): void
  /** The link is on the clipboard. */
  readonly linkCopied: boolean
  /** Whether the question "what is wrong?" is open. */
  readonly asking: boolean
  onAsk(asking: boolean): void
  onDispute(words: DisputeWords): void
  onBack(): void
}

export function ReceiptScreen(props: ReceiptProps) {
  const { view, asking, onBack } = props
  const { facts } = view
  const t = useTranslations('driver.receipt')
  const format = useFormat()
  return (
    <Screen onBack={onBack} {...(asking ? {} : { foot: <MainAct {...props} /> })}>
      <Figure
        as="h1"
        label={`${facts.siteLabel} · ${facts.bayLabel}`}
        value={format.money(facts.totalMinor, facts.currency)}
        note={
          <p className="tabular">
            {format.energy(facts.energyWh)} · {format.duration(facts.durationS)}
          </p>
        }
      />
      <Progress view={view} />
      <ReceiptLines facts={facts} />
      <OtherActs {...props} />
      <ReceiptStory view={view} />
      <section>
        <SectionHead>{t('checks')}</SectionHead>
        <ReceiptChecks checks={view.checks} facts={facts}>
          <LogChecks view={view} />
        </ReceiptChecks>
      </section>
      <ReceiptOrigin facts={facts} />
      {view.complaint === null ? (
        <ReceiptDispute asking={asking} onAsk={props.onAsk} onDispute={props.onDispute} />
      ) : null}
    </Screen>
  )
}

function MainAct({ onShare, onSave }: ReceiptProps) {
  const t = useTranslations('driver.receipt')
  const Icon = onShare === null ? Download : ShareIcon
  return (
    <Button
      kind="primary"
      wide
      icon={<Icon className="size-6" strokeWidth={1.75} aria-hidden="true" />}
      onClick={onShare ?? onSave}
    >
      {t(onShare === null ? 'save' : 'sharePdf')}
    </Button>
  )
}

function OtherActs({ onShare, onSave, onCopyLink, linkCopied }: ReceiptProps) {
  const t = useTranslations('driver.receipt')
  const icon = 'size-icon shrink-0'
  return (
    <div className="no-print grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-2">
      {onShare === null ? null : (
        <Button
          className="px-2!"
          icon={<Download className={icon} strokeWidth={1.75} aria-hidden="true" />}
          onClick={onSave}
        >
          {t('save')}
        </Button>
      )}
      <Button
        className="px-2!"
        icon={<LinkIcon className={icon} strokeWidth={1.75} aria-hidden="true" />}
        onClick={onCopyLink}
      >
        <span role="status">{t(linkCopied ? 'copied' : 'copyLink')}</span>
      </Button>
    </div>
  )
}

/** What no single receipt can show: that the charger's receipts follow each other, and who has heard of this one. */
function LogChecks({ view }: { readonly view: ReceiptView }) {
  const t = useTranslations('driver.receipt')
  const { log, isConfirmed, byCharger, clockKnown } = view
  return (
    <>
      <CheckLine outcome={log.kind === 'follows' ? 'passed' : log.kind === 'broken' ? 'failed' : 'open'}>
        {log.kind === 'follows' ? t('log.follows', { number: log.number }) : t(`log.${log.kind}`)}
      </CheckLine>
      <CheckLine outcome={isConfirmed ? 'passed' : 'open'}>
        {t(isConfirmed ? 'confirmed' : 'unconfirmed')}
      </CheckLine>
      <CheckLine outcome={byCharger === true ? 'passed' : 'open'}>
        {t(byCharger === true ? 'chargerTold' : 'chargerSilent')}
      </CheckLine>
      {clockKnown ? null : <CheckLine outcome="open">{t('clockUnknown')}</CheckLine>}
    </>
  )
}

const path = ['saved', 'seen', 'settled'] as const

function Progress({ view }: { readonly view: ReceiptView }) {
  const t = useTranslations('driver.receipt')
  const states = useTranslations('driver.receiptState')
  if (view.state === 'case') {
    // Where only the driver objects, the story below says so.
    return view.figuresDisagree ? <Notice tone="bad" title={t('caseTitle')} action={t('caseAction')} /> : null
  }
  return (
    <Steps
      label={t('progress')}
      steps={path.map((state) => states(state))}
      current={path.indexOf(view.state)}
    />
  )
}
