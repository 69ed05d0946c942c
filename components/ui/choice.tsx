/** One of a few: real radio buttons drawn as a row of cells, so arrows, labels and screen readers simply work. */

import type { ReactNode } from 'react'
import { useId } from 'react'
import { classNames } from './class-names'

export interface ChoiceOption<Value extends string | number> {
  readonly value: Value
  readonly label: ReactNode
  /** Spoken instead of the label when that is a picture or too short. */
  readonly spoken?: string
  readonly lang?: string
}

const layouts = {
  row: 'grid auto-cols-fr grid-flow-col gap-2',
  grid: 'grid grid-cols-[repeat(auto-fit,minmax(4.75rem,1fr))] gap-2',
  column: 'grid gap-2',
} as const

export interface ChoiceProps<Value extends string | number> {
  readonly legend: string
  readonly legendHidden?: boolean
  readonly options: readonly ChoiceOption<Value>[]
  readonly value: Value
  readonly disabled?: boolean
  onChange(value: Value): void
  /** `grid` wraps large figures in as many columns as fit; `row` is one line of equal cells; `column` is for sentences. */
  readonly layout?: keyof typeof layouts
}

const cell =
  'flex min-h-target cursor-pointer items-center justify-center gap-2 rounded-card border px-3 py-2 text-center transition-colors ' +
  'border-edge bg-card hover:border-ink ' +
  'has-checked:border-ink has-checked:bg-ink has-checked:text-paper has-checked:font-bold ' +
  'has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-ink ' +
  'has-disabled:cursor-default'

export function Choice<Value extends string | number>({
  legend,
  legendHidden = false,
  options,
  value,
  disabled = false,
  onChange,
  layout = 'row',
}: ChoiceProps<Value>) {
  const name = useId()
  return (
    <fieldset disabled={disabled} className="min-w-0">
      <legend className={legendHidden ? 'sr-only' : 'mb-2 font-bold'}>{legend}</legend>
      <div className={layouts[layout]}>
        {options.map((option) => (
          <label
            key={option.value}
            lang={option.lang}
            className={classNames(cell, layout === 'grid' && 'text-lead font-bold tabular')}
          >
            <input
              type="radio"
              className="sr-only"
              name={name}
              value={option.value}
              checked={option.value === value}
              aria-label={option.spoken}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
