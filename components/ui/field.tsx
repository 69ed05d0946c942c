/** A labelled line of input with its hint and, when something is wrong, what to do about it. */

import type { ComponentPropsWithRef } from 'react'
import { useId } from 'react'
import { classNames } from './class-names'

export interface FieldProps extends Omit<ComponentPropsWithRef<'input'>, 'id'> {
  readonly label: string
  readonly hint?: string | undefined
  readonly problem?: string | undefined
}

export function Field({ label, hint, problem, className, ...rest }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  const note = problem ?? hint
  return (
    <div className={classNames('flex flex-col gap-2', className)}>
      <label htmlFor={id} className="font-bold">
        {label}
      </label>
      <input
        {...rest}
        id={id}
        aria-describedby={note === undefined ? undefined : noteId}
        aria-invalid={problem !== undefined || undefined}
        className="min-h-target w-full rounded-card border border-edge bg-card px-4 py-2 text-lead tabular placeholder:text-mute aria-invalid:border-bad"
      />
      {note === undefined ? null : (
        <p
          id={noteId}
          className={classNames('text-note', problem === undefined ? 'text-mute' : 'font-bold text-bad')}
        >
          {note}
        </p>
      )}
    </div>
  )
}
