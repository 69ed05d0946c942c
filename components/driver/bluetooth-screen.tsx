/** The way without a camera: connecting, saying which bay, and waiting for an answer. The camera is always one tap away. */

import Bluetooth from 'lucide-react/icons/bluetooth'
import ChevronRight from 'lucide-react/icons/chevron-right'
import QrIcon from 'lucide-react/icons/qr-code'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { CarPlugged, ChargerShowsCode } from '@/components/ui/drawings'
import { SpinnerMark } from '@/components/ui/spinner'
import type { Refusal } from '@/lib/core/reason'
import { RefusalNotice } from './refusal-notice'
import { Screen } from './screen'

export interface BluetoothBay {
  readonly connectorId: number
  readonly bayLabel: string
  readonly words: readonly [string, string]
}

export type BluetoothView =
  /** The browser's own list of chargers is open. */
  | { readonly kind: 'choosing' }
  | { readonly kind: 'connecting' }
  | {
      readonly kind: 'bays'
      /** None: nothing is plugged in yet. */
      readonly bays: readonly BluetoothBay[]
      readonly siteLabel: string | null
      readonly notice: Refusal | null
    }
  | { readonly kind: 'lost'; readonly refusal: Refusal }

export interface BluetoothProps {
  view: BluetoothView
  onChoose(connectorId: number): void
  onAgain(): void
  onScan(): void
  onBack(): void
}

export function BluetoothScreen({ view, onChoose, onAgain, onScan, onBack }: BluetoothProps) {
  const t = useTranslations('driver.bluetooth')
  const scanInstead = (
    <Button kind="secondary" wide icon={<QrMark />} onClick={onScan}>
      {t('scanInstead')}
    </Button>
  )
  if (view.kind === 'lost') {
    return (
      <Screen
        title={t('title')}
        onBack={onBack}
        ceremonyStep={0}
        foot={
          <>
            <Button kind="primary" wide icon={<BluetoothMark />} onClick={onAgain}>
              {t('again')}
            </Button>
            {scanInstead}
          </>
        }
      >
        <RefusalNotice refusal={view.refusal} />
      </Screen>
    )
  }
  if (view.kind === 'bays' && view.bays.length > 0) {
    return (
      <Screen title={t('whichBay')} onBack={onBack} ceremonyStep={0} foot={scanInstead}>
        <p className="text-lead">{t('whichBayLead')}</p>
        {view.siteLabel === null ? null : <p className="text-mute">{view.siteLabel}</p>}
        <ul className="flex flex-col gap-3">
          {view.bays.map((bay) => (
            <li key={bay.connectorId}>
              <BayCard bay={bay} onChoose={() => onChoose(bay.connectorId)} />
            </li>
          ))}
        </ul>
        {view.notice === null ? null : <RefusalNotice refusal={view.notice} />}
      </Screen>
    )
  }
  const wait = view.kind === 'bays' ? 'waiting' : view.kind
  return (
    <Screen title={t(`wait.${wait}.title`)} onBack={onBack} ceremonyStep={0} foot={scanInstead}>
      {wait === 'waiting' ? (
        <CarPlugged className="h-auto w-full max-w-72" />
      ) : (
        <ChargerShowsCode className="h-auto w-full max-w-80" />
      )}
      <Waiting>{t(`wait.${wait}.lead`)}</Waiting>
      {view.kind === 'bays' && view.notice !== null ? <RefusalNotice refusal={view.notice} /> : null}
    </Screen>
  )
}

/** The whole card is the act: label first, because that is what is printed at the bay. */
function BayCard({ bay, onChoose }: { readonly bay: BluetoothBay; readonly onChoose: () => void }) {
  const t = useTranslations('driver.bay')
  return (
    <button
      type="button"
      onClick={onChoose}
      className="flex min-h-target w-full cursor-pointer items-center gap-4 rounded-card border border-edge bg-card px-5 py-4 text-left transition-colors hover:border-ink active:bg-line"
    >
      <span className="min-w-0 flex-1">
        <span className="block text-note text-mute">{t('label')}</span>
        <span className="block text-title font-bold">{bay.bayLabel}</span>
        <span className="block text-lead" lang="en">
          {bay.words[0]} {bay.words[1]}
        </span>
      </span>
      <ChevronRight className="size-icon shrink-0 text-mute" strokeWidth={1.75} aria-hidden="true" />
    </button>
  )
}

export interface BluetoothSentProps {
  view: {
    /** What was sent: the consent, or the wish to stop. */
    readonly what: 'consent' | 'stop'
    readonly bayLabel: string
    readonly words: readonly [string, string]
    readonly notice: Refusal | null
  }
  onShowCode(): void
  onBack(): void
}

/** Signed and sent; the charger's answer comes by itself. */
export function BluetoothSentScreen({ view, onShowCode, onBack }: BluetoothSentProps) {
  const t = useTranslations('driver.bluetooth')
  return (
    <Screen
      title={t(`sent.${view.what}.title`)}
      onBack={onBack}
      {...(view.what === 'consent' ? { ceremonyStep: 2 as const } : {})}
      foot={
        <Button kind="secondary" wide icon={<QrMark />} onClick={onShowCode}>
          {t('showInstead')}
        </Button>
      }
    >
      <p className="text-title font-bold">
        <span lang="en">
          {view.words[0]} {view.words[1]}
        </span>
        <span className="text-mute"> · </span>
        {view.bayLabel}
      </p>
      <CarPlugged className="h-auto w-full max-w-72" />
      <Waiting>{t(`sent.${view.what}.lead`)}</Waiting>
      {view.notice === null ? null : <RefusalNotice refusal={view.notice} />}
    </Screen>
  )
}

const Waiting = ({ children }: { readonly children: ReactNode }) => (
  <p role="status" className="flex items-center gap-3 text-lead">
    <SpinnerMark />
    <span>{children}</span>
  </p>
)

const QrMark = () => <QrIcon className="size-icon" strokeWidth={1.75} aria-hidden="true" />
const BluetoothMark = () => <Bluetooth className="size-6" strokeWidth={1.75} aria-hidden="true" />
