/** Where a receipt is handed in: read by the camera, chosen as a file or picture, or pasted. */

import Camera from 'lucide-react/icons/camera'
import FileText from 'lucide-react/icons/file-text'
import { lazy, Suspense, useId, useState, type FormEvent } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button, buttonClass } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { readReceiptFile } from './read-file'

/** The camera and its decoder are most of the script: they come when somebody wants to scan. */
const CodeCamera = lazy(() => import('./code-camera'))

export interface HandInProps {
  onCheck(text: string): void
  onSample(which: 'receipt' | 'forgedReceipt'): void
  /** What it opens with; later tries say their own. */
  readonly firstTrouble?: Trouble | undefined
}

/** What came of the last try, where it led to no receipt. */
export type Trouble = 'no-code' | 'no-proof' | 'camera-denied' | 'camera-missing'

const troubleCodes = {
  'no-code': 'code.unreadable',
  'no-proof': 'code.not-outpost',
  'camera-denied': 'phone.camera-denied',
  'camera-missing': 'phone.camera-missing',
} as const satisfies Record<Trouble, ReasonCode>

export function HandInForm({ onCheck, onSample, firstTrouble }: HandInProps) {
  const t = useTranslations('verify')
  const common = useTranslations('common')
  const [looking, setLooking] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(firstTrouble ?? null)
  const fail = (code: ReasonCode): void => {
    setLooking(false)
    setTrouble(
      code === 'phone.camera-denied'
        ? 'camera-denied'
        : code === 'phone.camera-missing'
          ? 'camera-missing'
          : 'no-code',
    )
  }
  if (looking) return <Looking onCheck={onCheck} onProblem={fail} onStop={() => setLooking(false)} />
  return (
    <>
      {trouble === null ? null : (
        <Notice
          urgent
          tone="bad"
          title={t(`trouble.${trouble}.title`)}
          action={t(`trouble.${trouble}.action`)}
          code={common('code', { code: reasons[troubleCodes[trouble]].code })}
        />
      )}
      <div className="flex flex-col gap-2">
        <Button
          kind="primary"
          wide
          icon={<Camera className="size-6" strokeWidth={1.75} aria-hidden="true" />}
          onClick={() => {
            setTrouble(null)
            setLooking(true)
          }}
        >
          {t('scan')}
        </Button>
        <FileChoice onCheck={onCheck} onTrouble={setTrouble} />
        <p className="text-note text-mute">{t('scanHint')}</p>
      </div>
      <PasteForm onCheck={onCheck} />
      <section className="mt-auto border-t border-line pt-4">
        <h2 className="font-bold">{t('samples')}</h2>
        <div className="mt-2 grid grid-cols-[repeat(auto-fit,minmax(min(9rem,100%),1fr))] gap-2">
          <Button className="px-3!" onClick={() => onSample('receipt')}>
            {t('sampleHonest')}
          </Button>
          <Button className="px-3!" onClick={() => onSample('forgedReceipt')}>
            {t('sampleForged')}
          </Button>
        </div>
      </section>
    </>
  )
}

function Looking({
  onCheck,
  onProblem,
  onStop,
}: Pick<HandInProps, 'onCheck'> & { onProblem(code: ReasonCode): void; onStop(): void }) {
  const t = useTranslations('verify')
  const common = useTranslations('common')
  return (
    <>
      <div className="relative -mx-5 aspect-square max-h-[60dvh] overflow-hidden bg-[#000] text-[#fff] sm:mx-0 sm:rounded-card">
        <Suspense fallback={null}>
          <CodeCamera label={t('cameraLabel')} onText={onCheck} onProblem={onProblem} />
        </Suspense>
      </div>
      <p role="status" className="text-lead">
        {t('looking')}
      </p>
      <Button wide className="mt-auto" onClick={onStop}>
        {common('cancel')}
      </Button>
    </>
  )
}

function PasteForm({ onCheck }: Pick<HandInProps, 'onCheck'>) {
  const t = useTranslations('verify')
  const id = useId()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = new FormData(event.currentTarget).get('receipt')
    if (typeof text === 'string') onCheck(text)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <label htmlFor={id} className="font-bold">
        {t('paste')}
      </label>
      <textarea
        id={id}
        name="receipt"
        required
        rows={3}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        aria-describedby={`${id}-hint`}
        className="w-full rounded-card border border-edge bg-card px-4 py-3 break-all tabular"
      />
      <p id={`${id}-hint`} className="text-note text-mute">
        {t('pasteHint')}
      </p>
      <Button type="submit" wide>
        {t('check')}
      </Button>
    </form>
  )
}

function FileChoice({
  onCheck,
  onTrouble,
}: Pick<HandInProps, 'onCheck'> & { onTrouble(trouble: Trouble | null): void }) {
  const t = useTranslations('verify')
  const choose = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0]
    if (file === undefined) return
    onTrouble(null)
    const found = await readReceiptFile(file)
    // The same file may be chosen again after it was mended.
    input.value = ''
    if (found.kind === 'text') onCheck(found.text)
    else onTrouble(found.kind)
  }
  return (
    <label
      className={`${buttonClass('secondary', true)} has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-ink`}
    >
      <FileText className="size-icon" strokeWidth={1.75} aria-hidden="true" />
      <span>{t('file')}</span>
      <input
        type="file"
        accept=".txt,.pdf,text/plain,application/pdf,image/*"
        className="sr-only"
        onChange={(event) => void choose(event.currentTarget)}
      />
    </label>
  )
}
