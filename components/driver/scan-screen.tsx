/** Reads a code: explains before the browser asks for the camera, and has ways out when there is none. */

import Camera from 'lucide-react/icons/camera'
import ClipboardPaste from 'lucide-react/icons/clipboard-paste'
import ImageIcon from 'lucide-react/icons/image'
import type { ReactNode } from 'react'
import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { ChargerShowsCode } from '@/components/ui/drawings'
import { Field } from '@/components/ui/field'
import type { Refusal } from '@/lib/core/reason'
import { RefusalNotice } from './refusal-notice'
import { Screen } from './screen'

/** What the driver is about to scan; only the words differ. */
export type ScanPurpose = 'offer' | 'answer' | 'status' | 'receipt'

export interface ScanView {
  readonly purpose: ScanPurpose
  readonly camera: 'explain' | 'starting' | 'live' | 'denied' | 'missing'
  /** Why the last code was not taken; the camera goes on looking. */
  readonly refusal: Refusal | null
  /** For codes of several frames. */
  readonly progress: { readonly have: number; readonly need: number } | null
}

export interface ScanProps {
  view: ScanView
  /** Instead of the purpose's own, for codes that no driver scans. */
  readonly words?: { readonly title: string; readonly hint: string }
  /** The camera's picture, mounted from `starting` on. It fills its parent. */
  children?: ReactNode
  /** A way without any camera, beside the others. */
  otherWay?: ReactNode
  /** The driver has read why: now the browser may ask. */
  onAllowCamera(): void
  onPaste(text: string): void
  onPicture(file: File): void
  onBack(): void
}

export function ScanScreen({
  view,
  words,
  children,
  otherWay,
  onAllowCamera,
  onPaste,
  onPicture,
  onBack,
}: ScanProps) {
  const t = useTranslations('driver.scan')
  const steps = view.purpose === 'offer' ? { ceremonyStep: 0 as const } : {}
  if (view.camera === 'explain') {
    return (
      <Screen
        title={t('explainTitle')}
        onBack={onBack}
        {...steps}
        foot={
          <>
            <Button
              kind="primary"
              wide
              icon={<Camera className="size-6" strokeWidth={1.75} aria-hidden="true" />}
              onClick={onAllowCamera}
            >
              {t('allow')}
            </Button>
            {otherWay}
            <OtherWays onPaste={onPaste} onPicture={onPicture} />
          </>
        }
      >
        <ChargerShowsCode className="h-auto w-full max-w-80" />
        <p className="text-lead">{t('explainLead')}</p>
        <p className="text-mute">{t('explainPrivacy')}</p>
        {view.refusal === null ? null : <RefusalNotice refusal={view.refusal} />}
      </Screen>
    )
  }
  const blind = view.camera === 'denied' || view.camera === 'missing'
  return (
    <Screen
      title={words?.title ?? t(`title.${view.purpose}`)}
      onBack={onBack}
      {...steps}
      foot={
        <>
          {otherWay}
          <OtherWays onPaste={onPaste} onPicture={onPicture} prominent={blind} />
        </>
      }
    >
      {blind ? (
        <RefusalNotice
          refusal={{ code: view.camera === 'denied' ? 'phone.camera-denied' : 'phone.camera-missing' }}
        />
      ) : (
        <Viewfinder view={view} words={words}>
          {children}
        </Viewfinder>
      )}
      {view.refusal === null ? null : <RefusalNotice refusal={view.refusal} />}
    </Screen>
  )
}

function Viewfinder({ view, words, children }: Pick<ScanProps, 'view' | 'words' | 'children'>) {
  const t = useTranslations('driver.scan')
  return (
    <>
      <div className="relative -mx-5 aspect-square max-h-[60dvh] overflow-hidden bg-[#000] text-[#fff] sm:mx-0 sm:rounded-card">
        <div className="absolute inset-0 [&>video]:size-full [&>video]:object-cover">{children}</div>
        <svg
          viewBox="0 0 100 100"
          className="pointer-events-none absolute inset-[14%]"
          fill="none"
          aria-hidden="true"
        >
          <path
            d="M1 20V1h19M80 1h19v19M99 80v19H80M20 99H1V80"
            className="stroke-amber"
            strokeWidth="2"
            vectorEffect="non-scaling-stroke"
            style={{ strokeWidth: 4 }}
          />
        </svg>
        {view.camera === 'starting' ? (
          <p role="status" className="absolute inset-x-0 top-1/2 text-center">
            {t('starting')}
          </p>
        ) : null}
      </div>
      {view.progress === null ? (
        <p className="text-lead">{words?.hint ?? t(`hint.${view.purpose}`)}</p>
      ) : (
        <div role="status">
          <p className="mb-2 text-lead">
            {t('progress', { have: view.progress.have, need: view.progress.need })}
          </p>
          <progress
            className="h-2 w-full overflow-hidden rounded-full [&::-moz-progress-bar]:bg-amber [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-amber"
            value={view.progress.have}
            max={view.progress.need}
            aria-label={t('progressLabel')}
          />
        </div>
      )}
    </>
  )
}

/** Ways that need no camera: a picture from the gallery, or the text of the code. */
function OtherWays({
  onPaste,
  onPicture,
  prominent = false,
}: Pick<ScanProps, 'onPaste' | 'onPicture'> & { readonly prominent?: boolean }) {
  const t = useTranslations('driver.scan')
  const [pasting, setPasting] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  if (pasting) return <PasteForm onPaste={onPaste} onClose={() => setPasting(false)} />
  return (
    <>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-2">
        <Button
          kind={prominent ? 'primary' : 'secondary'}
          className="px-2! text-body!"
          icon={<ImageIcon className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
          onClick={() => file.current?.click()}
        >
          {t('picture')}
        </Button>
        <Button
          kind="secondary"
          className="px-2!"
          icon={<ClipboardPaste className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
          onClick={() => setPasting(true)}
        >
          {t('paste')}
        </Button>
      </div>
      <input
        ref={file}
        type="file"
        accept="image/*"
        className="hidden"
        aria-label={t('picture')}
        onChange={(event) => {
          const picture = event.target.files?.[0]
          event.target.value = ''
          if (picture !== undefined) onPicture(picture)
        }}
      />
    </>
  )
}

/** Takes the place of the two buttons: what the driver just asked for, with the keyboard ready. */
function PasteForm({ onPaste, onClose }: { onPaste(text: string): void; onClose(): void }) {
  const t = useTranslations('driver.scan')
  const common = useTranslations('common')
  const [text, setText] = useState('')
  return (
    <form
      className="arrive flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        onClose()
        // A space is a letter of Base45, at the end too.
        onPaste(text)
      }}
    >
      <Field
        label={t('pasteLabel')}
        hint={t('pasteHint')}
        value={text}
        autoFocus
        autoCapitalize="characters"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-2">
        <Button kind="secondary" className="px-2!" onClick={onClose}>
          {common('cancel')}
        </Button>
        <Button kind="secondary" className="px-2!" type="submit" disabled={text.trim() === ''}>
          {common('continue')}
        </Button>
      </div>
    </form>
  )
}
