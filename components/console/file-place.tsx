/** A real file input under its own label: keyboard, screen reader and mouse all find it; dropping is an extra. */

import { useId, useState, type DragEvent, type ReactNode } from 'react'
import { classNames } from '@/components/ui/class-names'

export interface FilePlaceProps {
  readonly choose: string
  readonly drop: string
  readonly hint: string
  readonly icon: ReactNode
  readonly disabled: boolean
  onFile(file: File): void
}

export function FilePlace({ choose, drop, hint, icon, disabled, onFile }: FilePlaceProps) {
  const hintId = useId()
  const [isOver, setIsOver] = useState(false)
  const take = (files: FileList | null): void => {
    const file = files?.[0]
    if (file !== undefined && !disabled) onFile(file)
  }
  const over = (event: DragEvent, is: boolean): void => {
    event.preventDefault()
    setIsOver(is && !disabled)
  }
  return (
    <label
      onDragOver={(event) => over(event, true)}
      onDragLeave={(event) => over(event, false)}
      onDrop={(event) => {
        over(event, false)
        take(event.dataTransfer.files)
      }}
      className={classNames(
        'flex min-h-40 flex-col items-center justify-center gap-2 rounded-card border-2 border-dashed px-6 py-8 text-center transition-colors',
        'has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-ink',
        disabled ? 'border-line text-mute' : 'cursor-pointer bg-card hover:border-ink',
        !disabled && (isOver ? 'border-ink bg-line' : 'border-edge'),
      )}
    >
      {icon}
      <span className="text-lead font-bold">{choose}</span>
      <span aria-hidden="true" className="text-mute">
        {drop}
      </span>
      <span id={hintId} className="text-note text-mute">
        {hint}
      </span>
      <input
        type="file"
        accept=".csv,.txt,text/csv"
        disabled={disabled}
        aria-label={choose}
        aria-describedby={hintId}
        className="sr-only"
        onChange={(event) => {
          take(event.target.files)
          // The same file, mended, is chosen again.
          event.target.value = ''
        }}
      />
    </label>
  )
}
