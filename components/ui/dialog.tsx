/** A question that stands before the page: in the middle of a desk, at the foot of a phone. */

import * as RadixDialog from 'radix-ui/dialog'
import X from 'lucide-react/icons/x'
import type { ReactNode } from 'react'
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
    'inset-x-0 bottom-0 rounded-t-card sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-measure sm:max-w-[calc(100vw-2rem)] sm:-translate-1/2 sm:rounded-card',
  dialog: 'top-1/2 left-1/2 w-measure max-w-[calc(100vw-2rem)] -translate-1/2 rounded-card',
} as const

export function Dialog({ open, title, closeLabel, form = 'sheet', children, onClose }: DialogProps) {
  return (
    <RadixDialog.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <RadixDialog.Content
          aria-describedby={undefined}
          className={`arrive fixed z-50 max-h-[90dvh] overflow-y-auto border border-line bg-card p-5 pb-[calc(1.25rem+env(safe-area-inset-bottom))] text-ink ${places[form]}`}
        >
          <div className="mb-3 flex items-start justify-between gap-4">
            <RadixDialog.Title className="pt-1.5 text-title">{title}</RadixDialog.Title>
            <RadixDialog.Close asChild>
              <IconButton
                label={closeLabel}
                icon={<X className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
              />
            </RadixDialog.Close>
          </div>
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  )
}
