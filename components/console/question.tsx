/** A question before an act: what it needs, what refused it, and the two ways out. */

import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button, type ButtonKind } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import type { Progress } from './progress'
import { RefusalNotice } from './refusal-notice'

export interface QuestionProps {
  readonly title: string
  readonly act: string
  readonly kind?: ButtonKind
  readonly disabled?: boolean
  readonly progress: Progress
  readonly children: ReactNode
  onAct(): void
  onClose(): void
}

export function Question({
  title,
  act,
  kind = 'primary',
  disabled = false,
  progress,
  ...rest
}: QuestionProps) {
  const common = useTranslations('common')
  return (
    <Dialog open form="dialog" title={title} closeLabel={common('close')} onClose={rest.onClose}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (!disabled) rest.onAct()
        }}
      >
        {rest.children}
        {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={rest.onClose}>{common('cancel')}</Button>
          <Button kind={kind} type="submit" busy={progress.kind === 'waiting'} disabled={disabled}>
            {act}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
