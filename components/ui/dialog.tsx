'use client'
/**
 * A question that stands before the page: in the middle of a desk, at the foot of a phone. The browser's own modal
 * dialog keeps the focus inside, makes the page behind it inert and gives the focus back; it needs no style elements,
 * which the content security policy forbids.
 */

import X from 'lucide-react/icons/x'
import { useId, useRef, type MouseEvent, type ReactNode, type SyntheticEvent } from 'react'
import { IconButton } from './icon-button'

export interface DialogProps {
  readonly open: boolean
  readonly title: string
  readonly closeLabel: string
  /** `sheet` rises from the foot on narrow pages; `dialog` stays in the middle everywhere. */
  readonly form?: 'sheet' | 'dialog'
  readonly children: ReactNode
  onClose(): void
}

const places = {
  sheet:
    'mt-auto mb-0 w-full max-w-full rounded-t-card sm:m-auto sm:w-measure sm:max-w-[calc(100vw-2rem)] sm:rounded-card',
  dialog: 'm-auto w-measure max-w-[calc(100vw-2rem)] rounded-card',
} as const

export function Dialog({ open, ...dialog }: DialogProps) {
  return open ? <OpenDialog {...dialog} /> : null
}

function OpenDialog({ title, closeLabel, form = 'sheet', children, onClose }: Omit<DialogProps, 'open'>) {
  const titleId = useId()
  const cancel = (event: SyntheticEvent): void => {
    // Whoever opened it decides: it is taken away, not merely closed.
    event.preventDefault()
    onClose()
  }
  // The veil belongs to the dialog itself; what stands in it lies in the inner box.
  const isOnVeil = (event: MouseEvent<HTMLDialogElement>): boolean => event.target === event.currentTarget
  const beganOnVeil = useRef(false)
  const begin = (event: MouseEvent<HTMLDialogElement>): void => {
    beganOnVeil.current = isOnVeil(event)
  }
  // Text that is marked in a field may be let go over the veil: only a whole click there leads out.
  const end = (event: MouseEvent<HTMLDialogElement>): void => {
    if (beganOnVeil.current && isOnVeil(event)) onClose()
  }
  return (
    // Escape is the keyboard's way out (onCancel); a click on the veil is a way out beside it.
    <dialog
      ref={showModal}
      aria-labelledby={titleId}
      onCancel={cancel}
      onClose={onClose}
      onMouseDown={begin}
      onClick={end}
      className={`arrive fixed inset-0 h-fit max-h-[90dvh] overflow-y-auto border border-line bg-card text-ink backdrop:bg-veil ${places[form]}`}
    >
      <div className="p-5 pb-[calc(1.25rem+env(safe-area-inset-bottom))]">
        <div className="mb-3 flex items-start justify-between gap-4">
          <h2 id={titleId} className="pt-1.5 text-title">
            {title}
          </h2>
          <IconButton
            label={closeLabel}
            icon={<X className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
            onClick={onClose}
          />
        </div>
        {children}
      </div>
    </dialog>
  )
}

/** Closed before it is taken away, so that the focus returns to where it was. */
function showModal(dialog: HTMLDialogElement | null): (() => void) | undefined {
  if (dialog === null) return undefined
  if (!dialog.open) dialog.showModal()
  return () => dialog.close()
}
