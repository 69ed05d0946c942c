/**
 * One of very many: what is typed is looked for, and one of what was found is chosen, by keyboard, touch or speech (the
 * combobox pattern of ARIA 1.2). The list lies over the page, so that nothing moves under a finger when it goes.
 */

import { useId, useState, type KeyboardEvent } from 'react'
import { classNames } from './class-names'

export interface SearchOption {
  readonly id: string
  readonly label: string
  /** What tells it from others of the same name. */
  readonly note?: string | undefined
}

export interface SearchChoiceProps {
  readonly label: string
  readonly hint?: string | undefined
  /** What stands in the field. */
  readonly text: string
  /** What was found for it; null while nothing was asked or nobody has answered. */
  readonly options: readonly SearchOption[] | null
  /** Said where nothing fits; left out where any text will do. */
  readonly nothing?: string
  readonly disabled?: boolean
  readonly required?: boolean
  readonly maxLength?: number
  /** How many were found, for those who cannot see the list. */
  found(count: number): string
  onText(text: string): void
  onChoose(option: SearchOption): void
  /** The field was left. */
  onLeave?(): void
}

export function SearchChoice(props: SearchChoiceProps) {
  const { label, hint, text, options, nothing, disabled, required, maxLength, found } = props
  const id = useId()
  const [isOpen, setIsOpen] = useState(false)
  const [at, setAt] = useState(-1)
  const shown = isOpen && options !== null ? options : []
  const isNothing = isOpen && options !== null && options.length === 0 && nothing !== undefined
  const choose = (option: SearchOption): void => {
    props.onChoose(option)
    setIsOpen(false)
    setAt(-1)
  }
  const type = (next: string): void => {
    props.onText(next)
    setIsOpen(true)
    setAt(-1)
  }
  const press = (event: KeyboardEvent): void => {
    const chosen = shown[at]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!isOpen) type(text)
      else setAt(stepped(at, event.key === 'ArrowDown' ? 1 : -1, shown.length))
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault()
      choose(chosen)
    } else if (event.key === 'Escape' && shown.length > 0) {
      // The list goes, not the question in which it stands.
      event.preventDefault()
      setIsOpen(false)
    }
  }
  return (
    <div className="relative flex flex-col gap-2">
      <label htmlFor={id} className="font-bold">
        {label}
      </label>
      <input
        id={id}
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown[at] === undefined ? undefined : `${id}-${at}`}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        autoComplete="off"
        value={text}
        disabled={disabled}
        required={required}
        maxLength={maxLength}
        className="min-h-target w-full rounded-card border border-edge bg-card px-4 py-2 text-lead tabular placeholder:text-mute"
        onChange={(event) => type(event.target.value)}
        onFocus={() => type(text)}
        onKeyDown={press}
        onBlur={() => {
          setIsOpen(false)
          props.onLeave?.()
        }}
      />
      <div className="relative">
        {shown.length === 0 ? null : (
          <Found id={id} label={label} options={shown} at={at} onChoose={choose} />
        )}
        {hint === undefined && !isNothing ? null : (
          <p id={`${id}-hint`} className="text-note text-mute">
            {isNothing ? nothing : hint}
          </p>
        )}
        <p role="status" className="sr-only">
          {isOpen && options !== null ? found(options.length) : ''}
        </p>
      </div>
    </div>
  )
}

interface FoundProps {
  readonly id: string
  readonly label: string
  readonly options: readonly SearchOption[]
  readonly at: number
  onChoose(option: SearchOption): void
}

function Found({ id, label, options, at, onChoose }: FoundProps) {
  return (
    <ul
      id={`${id}-list`}
      role="listbox"
      aria-label={label}
      className="absolute inset-x-0 -top-1 z-20 max-h-64 overflow-y-auto rounded-inner border border-ink bg-card py-1"
      // A press keeps the focus in the field; letting go chooses.
      onMouseDown={(event) => event.preventDefault()}
    >
      {options.map((option, index) => (
        <li
          key={option.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          ref={index === at ? intoSight : undefined}
          className={classNames(
            'flex min-h-target cursor-pointer flex-col justify-center px-4 py-1',
            index === at ? 'bg-line' : 'hover:bg-line',
          )}
          onClick={() => onChoose(option)}
        >
          <span className="font-bold [overflow-wrap:anywhere]">{option.label}</span>
          {option.note === undefined ? null : <span className="text-note text-mute">{option.note}</span>}
        </li>
      ))}
    </ul>
  )
}

const intoSight = (item: HTMLLIElement | null): void => item?.scrollIntoView({ block: 'nearest' })

/** Round and round, with a rest above the first where nothing is chosen. */
function stepped(at: number, by: 1 | -1, count: number): number {
  const next = at + by
  if (next < -1) return count - 1
  return next >= count ? -1 : next
}
