/** A row that opens something: what on the left, how much on the right. */

import ChevronRight from 'lucide-react/icons/chevron-right'
import type { ReactNode } from 'react'

export interface ListRowProps {
  readonly title: ReactNode
  readonly note?: ReactNode
  readonly value?: ReactNode
  readonly valueNote?: ReactNode
  readonly icon?: ReactNode
  onOpen(): void
}

export function ListRow({ title, note, value, valueNote, icon, onOpen }: ListRowProps) {
  return (
    <button
      type="button"
      onClick={onOpen}
      className="flex min-h-target w-full cursor-pointer items-center gap-3 py-3 text-left transition-colors hover:bg-line active:bg-line"
    >
      {icon}
      <span className="min-w-0 flex-1">
        <span className="block font-bold">{title}</span>
        {note === undefined ? null : <span className="block text-note text-mute">{note}</span>}
      </span>
      {value === undefined ? null : (
        <span className="shrink-0 text-right tabular">
          <span className="block font-bold">{value}</span>
          {valueNote === undefined ? null : <span className="block text-note">{valueNote}</span>}
        </span>
      )}
      <ChevronRight className="size-icon shrink-0 text-mute" strokeWidth={1.75} aria-hidden="true" />
    </button>
  )
}
