/** Where somebody is in a short fixed sequence: an amber line for what is done and under way, words below. */

import { classNames } from './class-names'

export interface StepsProps {
  /** Spoken name of the sequence. */
  readonly label: string
  readonly steps: readonly string[]
  /** Index of the step under way. */
  readonly current: number
}

export function Steps({ label, steps, current }: StepsProps) {
  return (
    <div className="@container">
      <ol aria-label={label} className="grid auto-cols-fr grid-flow-col gap-2">
        {steps.map((step, index) => (
          <li
            key={step}
            aria-current={index === current ? 'step' : undefined}
            className={classNames('text-note', index === current ? 'font-bold text-ink' : 'text-mute')}
          >
            <span
              aria-hidden="true"
              className={classNames(
                'mb-1.5 block h-1 rounded-[2px]',
                index <= current ? 'bg-amber' : 'bg-line',
              )}
            />
            <span className={classNames('block', index === current ? currentNarrow : '@max-[12rem]:sr-only')}>
              {step}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}

/** With no room for all words, only the step under way keeps its own, and may spread over its neighbours. */
const currentNarrow = '@max-[12rem]:whitespace-nowrap @max-[12rem]:in-[li:last-child]:-ml-12'
