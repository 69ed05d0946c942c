/** The whole page: choose a stick's files, see them handed in, save the answers beside them. */

import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import Download from 'lucide-react/icons/download'
import Usb from 'lucide-react/icons/usb'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button, buttonClass } from '@/components/ui/button'
import { Mark } from '@/components/ui/mark'
import { Notice } from '@/components/ui/notice'
import { Pill } from '@/components/ui/pill'
import { SpinnerMark } from '@/components/ui/spinner'
import { reasonText } from '@/lib/format/reason-text'
import type { ChosenFile, SticksView } from './sticks-view'

export interface SticksScreenProps {
  readonly view: SticksView
  onChoose(files: readonly File[]): void
  onAgain(): void
  onSave(name: string): void
  /** The language switch, given its name. */
  languages(legend: string): ReactNode
}

export function SticksScreen({ view, onChoose, onAgain, onSave, languages }: SticksScreenProps) {
  const t = useTranslations('sticks')
  const common = useTranslations('common')
  const { files, foundNone } = view
  const isBusy = files.some(({ state }) => state !== 'done')
  /** What to do first: one thing at a time. */
  const next = isBusy ? undefined : files.find((file) => file.answers > 0 && !file.isSaved && !file.isStopped)
  const isStopped = !isBusy && files.some((file) => file.isStopped)
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-phone flex-col bg-paper px-5 pt-[env(safe-area-inset-top)] pb-[max(1.25rem,env(safe-area-inset-bottom))] text-ink">
      <header className="flex min-h-16 items-center">
        <Link href="/" className="-mx-2 flex min-h-target items-center gap-2.5 rounded-card px-2">
          <Mark className="size-7" />
          <span className="text-lead font-bold">{common('appName')}</span>
        </Link>
      </header>
      <main className="flex flex-1 flex-col gap-6 pt-2 pb-8 wrap-anywhere">
        <div>
          <h1 className="text-title">{t('title')}</h1>
          <p className="mt-2 text-lead text-mute">{t('lead')}</p>
        </div>
        {foundNone ? <Notice urgent tone="bad" title={t('none.title')} action={t('none.action')} /> : null}
        {files.length === 0 ? <Ways /> : null}
        {files.length === 0 ? null : (
          <ul className="flex flex-col">
            {files.map((file) => (
              <FileRow key={file.name} file={file} isNext={file === next} onSave={onSave} />
            ))}
          </ul>
        )}
        {isStopped ? (
          <Notice
            urgent
            tone="offline"
            title={t('stopped.title')}
            action={
              <>
                <p>{t('stopped.action')}</p>
                <Button wide className="mt-3" onClick={onAgain}>
                  {common('tryAgain')}
                </Button>
              </>
            }
          />
        ) : null}
        <FileChoice isFirst={files.length === 0} onChoose={onChoose} />
      </main>
      <footer>{languages(common('language'))}</footer>
    </div>
  )
}

/** The three steps of a visit with a stick. */
function Ways() {
  const t = useTranslations('sticks')
  return (
    <ol className="flex list-decimal flex-col gap-2 pl-6">
      {(['charger', 'here', 'back'] as const).map((step) => (
        <li key={step}>{t(`steps.${step}`)}</li>
      ))}
    </ol>
  )
}

interface FileRowProps extends Pick<SticksScreenProps, 'onSave'> {
  readonly file: ChosenFile
  readonly isNext: boolean
}

function FileRow({ file, isNext, onSave }: FileRowProps) {
  const t = useTranslations('sticks')
  const { name, state, parcels, answers, refused, isCut, isStopped, isSaved } = file
  const isWell = !isCut && !isStopped && refused.length === 0
  return (
    <li className="flex flex-col gap-2 border-b border-line py-4 first:border-t">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-bold">{t('charger', { mailbox: name.slice(0, 8) })}</h2>
        {state === 'done' ? (
          <Pill tone={isWell ? 'good' : 'bad'} icon={isWell ? <CircleCheck /> : <CircleAlert />}>
            {t(isWell ? 'well' : 'notWell')}
          </Pill>
        ) : (
          <span className="flex items-center gap-2 text-mute">
            {state === 'under-way' ? <SpinnerMark /> : null}
            {t(state === 'under-way' ? 'underWay' : 'waiting')}
          </span>
        )}
      </div>
      {state === 'waiting' ? null : (
        <p role="status" className="text-mute tabular">
          {t('count', { parcels, answers })}
        </p>
      )}
      {isCut ? <p className="text-bad">{t('cut')}</p> : null}
      {refused.map(({ code, count }) => (
        <Refused key={code} code={code} count={count} />
      ))}
      {state === 'done' && answers > 0 ? (
        <Button
          wide
          kind={isNext ? 'primary' : 'secondary'}
          icon={<Download className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
          onClick={() => onSave(name)}
        >
          {t(isSaved ? 'saveAgain' : 'save')}
        </Button>
      ) : null}
      {isSaved ? <p className="text-note text-mute">{t('saved', { name: answersName(name) })}</p> : null}
    </li>
  )
}

const answersName = (name: string): string => name.replace(/\.parcels$/, '.answers')

function Refused({ code, count }: ChosenFile['refused'][number]) {
  const t = useTranslations('sticks')
  const words = reasonText({ code }, useTranslations('reasons'))
  return (
    <p className="text-bad">
      {t('refused', { count })} {words.title} <span className="tabular">{words.code}</span>
    </p>
  )
}

function FileChoice({
  isFirst,
  onChoose,
}: { readonly isFirst: boolean } & Pick<SticksScreenProps, 'onChoose'>) {
  const t = useTranslations('sticks')
  const choose = (input: HTMLInputElement): void => {
    onChoose([...(input.files ?? [])])
    // The same file may be chosen again after the stick was filled again.
    input.value = ''
  }
  return (
    <div className="mt-auto flex flex-col gap-2">
      <label
        className={`${buttonClass(isFirst ? 'primary' : 'secondary', true)} has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-ink`}
      >
        <Usb className="size-icon" strokeWidth={1.75} aria-hidden="true" />
        <span>{t(isFirst ? 'choose' : 'chooseMore')}</span>
        <input type="file" multiple className="sr-only" onChange={(event) => choose(event.currentTarget)} />
      </label>
      <p className="text-note text-mute">{t('chooseHint')}</p>
    </div>
  )
}
