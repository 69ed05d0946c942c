/** One of many, by the device's own list: the quickest with a thumb, and known to every screen reader. */

import ChevronDown from 'lucide-react/icons/chevron-down'
import { useId } from 'react'

export interface SelectOption {
  /** Empty for "all". */
  readonly value: string
  readonly label: string
}

export interface SelectFieldProps {
  readonly label: string
  readonly options: readonly SelectOption[]
  readonly value: string
  onChange(value: string): void
}

export function SelectField({ label, options, value, onChange }: SelectFieldProps) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="block text-note text-mute">
        {label}
      </label>
      <div className="relative mt-1">
        <select
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={`min-h-target w-full appearance-none truncate rounded-card border bg-card py-2 pr-10 pl-3 text-ink ${value === '' ? 'border-edge' : 'border-ink font-bold'}`}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown
          className="pointer-events-none absolute top-1/2 right-3 size-icon -translate-y-1/2"
          strokeWidth={1.75}
          aria-hidden="true"
        />
      </div>
    </div>
  )
}
