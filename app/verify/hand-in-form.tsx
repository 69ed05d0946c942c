/** Where a receipt is handed in: pasted, or chosen as a file. */

import FileText from 'lucide-react/icons/file-text'
import { useId, type FormEvent } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button, buttonClass } from '@/components/ui/button'

export interface HandInProps {
  onCheck(text: string): void
  onSample(which: 'receipt' | 'forgedReceipt'): void
}

export function HandInForm({ onCheck, onSample }: HandInProps) {
  const t = useTranslations('verify')
  return (
    <>
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
        rows={4}
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
      <Button type="submit" kind="primary" wide className="mt-3">
        {t('check')}
      </Button>
      <FileChoice onCheck={onCheck} />
    </form>
  )
}

/** Larger files are no receipts; they are not even read. */
const fileBytesMax = 65_536

function FileChoice({ onCheck }: Pick<HandInProps, 'onCheck'>) {
  const t = useTranslations('verify')
  const choose = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0]
    if (file === undefined) return
    const text = await file.slice(0, fileBytesMax).text()
    // The same file may be chosen again after it was mended.
    input.value = ''
    onCheck(text)
  }
  return (
    <label
      className={`${buttonClass('secondary', true)} has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-ink`}
    >
      <FileText className="size-icon" strokeWidth={1.75} aria-hidden="true" />
      <span>{t('file')}</span>
      <input
        type="file"
        accept=".txt,text/plain"
        className="sr-only"
        onChange={(event) => void choose(event.currentTarget)}
      />
    </label>
  )
}
