/** On or off, at once: a real checkbox that is drawn, and spoken, as a switch. */

import { useId } from 'react'

export interface ToggleProps {
  readonly label: string
  readonly note?: string
  readonly checked: boolean
  onChange(checked: boolean): void
}

export function Toggle({ label, note, checked, onChange }: ToggleProps) {
  const id = useId()
  return (
    <label className="flex min-h-target cursor-pointer items-center gap-4 py-2.5">
      <span className="min-w-0 flex-1">
        <span className="block font-bold">{label}</span>
        {note === undefined ? null : (
          <span id={id} className="block text-note text-mute">
            {note}
          </span>
        )}
      </span>
      <input
        type="checkbox"
        role="switch"
        className="peer sr-only"
        checked={checked}
        aria-describedby={note === undefined ? undefined : id}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span
        aria-hidden="true"
        className="relative h-8 w-14 shrink-0 rounded-full border-2 border-edge bg-card transition-colors peer-checked:border-ink peer-checked:bg-amber peer-focus-visible:outline-3 peer-focus-visible:outline-offset-3 peer-focus-visible:outline-ink before:absolute before:top-1 before:left-1 before:size-5 before:rounded-full before:bg-edge before:transition-transform peer-checked:before:translate-x-6 peer-checked:before:bg-on-amber"
      />
    </label>
  )
}
