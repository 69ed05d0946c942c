/**
 * A car is plugged in: the charger's offer to scan, the two words to compare, and the camera that reads the phone's
 * answer. After a refusal the same screen says why, so that people try again without looking for anything.
 */

import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/format/use-format'
import { CodePanel } from './code-panel'
import type { OfferView, RefusedView } from './kiosk-view'
import { PriceBoard } from './price-board'
import { RefusedStage } from './refused-stage'
import { Split } from './split'

export interface OfferScreenProps {
  readonly view: OfferView
  readonly refused: RefusedView | null
  /** The camera's living picture. */
  readonly camera: ReactNode
  onAgain(): void
}

export function OfferScreen({ view, refused, camera, onAgain }: OfferScreenProps) {
  return (
    <Split
      subject={refused === null ? 'offer' : `refused ${refused.refusal.code}`}
      stage={refused === null ? <OfferStage view={view} /> : <RefusedStage view={refused} />}
      side={<OfferCode view={view} refused={refused} />}
      camera={<CameraStrip view={view} camera={camera} onAgain={refused === null ? null : onAgain} />}
    />
  )
}

function OfferStage({ view }: { readonly view: OfferView }) {
  const t = useTranslations('kiosk.offer')
  const format = useFormat()
  return (
    <div className="flex h-full flex-col gap-y-3">
      <h1 className="text-title leading-[1.1] font-bold tracking-[-0.01em] text-balance">{t('title')}</h1>
      <PriceBoard tariff={view.tariff} size="line" />
      <p>{t('held', { amount: format.moneyShort(view.maximumHoldMinor, view.tariff.currency) })}</p>
    </div>
  )
}

/** The decline, where there is one: scanned, it frees the hold. Else the offer, to be tried again. */
function OfferCode({ view, refused }: { readonly view: OfferView; readonly refused: RefusedView | null }) {
  const t = useTranslations('kiosk')
  const decline = refused?.answerCode ?? null
  if (decline !== null) return <CodePanel code={decline} caption={t('refused.declineCaption')} />
  return (
    <CodePanel
      code={view.offerCode}
      label={t('offer.title')}
      caption={t('offer.wordsLabel')}
      words={view.words}
    />
  )
}

/** The second step, always at the same place: the person sees what the camera sees. */
function CameraStrip({
  view,
  camera,
  onAgain,
}: {
  readonly view: OfferView
  readonly camera: ReactNode
  /** Only after a refusal. */
  readonly onAgain: (() => void) | null
}) {
  const t = useTranslations('kiosk')
  const problem =
    view.cameraProblem === 'phone.camera-denied'
      ? 'denied'
      : view.cameraProblem === 'phone.camera-missing'
        ? 'missing'
        : view.cameraProblem === null
          ? null
          : 'other'
  return (
    <section className="flex items-center gap-x-7 border-t border-line pt-4">
      {problem === null ? (
        <div className="kiosk-seen aspect-video shrink-0 overflow-hidden rounded-card">{camera}</div>
      ) : null}
      <div className="min-w-0 flex-1">
        {problem !== null ? (
          <>
            <h2 className="text-lead leading-[1.15] font-bold text-bad">{t(`camera.${problem}`)}</h2>
            <p className="mt-1">{t('camera.action', { phone: view.supportPhone })}</p>
          </>
        ) : view.parts !== null ? (
          <div role="status">
            <h2 className="text-lead leading-[1.15] font-bold text-balance tabular">
              {t('offer.partsTitle', view.parts)}
            </h2>
            <div className="mt-3 h-3 overflow-hidden rounded-[3px] bg-line" aria-hidden="true">
              <div
                className="h-full bg-amber"
                style={{ width: `${(view.parts.have / view.parts.need) * 100}%` }}
              />
            </div>
            <p className="mt-2 text-balance text-mute">{t('offer.partsNote')}</p>
          </div>
        ) : onAgain !== null ? (
          <Button wide onClick={onAgain}>
            {t('refused.again')}
          </Button>
        ) : (
          <>
            <h2 className="text-lead leading-[1.15] font-bold text-balance">{t('offer.cameraTitle')}</h2>
            <p className="kiosk-spare mt-1 text-balance text-mute">{t('offer.cameraNote')}</p>
          </>
        )}
      </div>
    </section>
  )
}
