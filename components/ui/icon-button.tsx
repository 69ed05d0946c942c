/** A square target with a picture and a name for those who cannot see it. */

import type { ComponentPropsWithRef, ReactNode } from 'react'
import { classNames } from './class-names'

export interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'children' | 'type'> {
  readonly label: string
  readonly icon: ReactNode
}

export function IconButton({ label, icon, className, ...rest }: IconButtonProps) {
  return (
    <button
      {...rest}
      type="button"
      aria-label={label}
      title={label}
      className={classNames(
        'inline-flex size-target shrink-0 cursor-pointer items-center justify-center rounded-card text-ink transition-colors hover:bg-line active:bg-line',
        className,
      )}
    >
      {icon}
    </button>
  )
}
