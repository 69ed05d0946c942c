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
          {step}
        </li>
      ))}
    </ol>
  )
}
