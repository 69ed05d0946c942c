/** The three kinds of act. One primary a screen; it stands at the foot of a phone. */

import type { ComponentPropsWithRef, ReactNode } from 'react'
import { classNames } from './class-names'
import { SpinnerMark } from './spinner'

const kinds = {
  primary:
    'bg-amber text-on-amber border-amber hover:bg-(--amber-pressed) active:bg-(--amber-pressed) ' +
    'disabled:bg-transparent disabled:text-mute disabled:border-edge disabled:border-dashed text-lead min-h-[calc(var(--target)+0.5rem)]',
  secondary:
    'bg-card text-ink border-edge hover:border-ink active:bg-line disabled:text-mute disabled:border-dashed',
  quiet: 'bg-transparent text-ink border-transparent hover:bg-line active:bg-line disabled:text-mute',
  destructive:
    'bg-transparent text-bad border-bad hover:bg-bad/8 active:bg-bad/15 disabled:text-mute disabled:border-edge',
} as const

export type ButtonKind = keyof typeof kinds

export const buttonClass = (kind: ButtonKind, wide: boolean): string =>
  classNames(
    'inline-flex items-center justify-center gap-3 rounded-card border px-6 py-2 text-center font-bold',
    'min-h-target min-w-target cursor-pointer transition-colors disabled:cursor-default',
    wide && 'w-full',
    kinds[kind],
  )

export interface ButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'type'> {
  readonly kind?: ButtonKind
  readonly type?: 'button' | 'submit'
  readonly icon?: ReactNode
  readonly wide?: boolean
  /** Something is awaited: the button keeps its place, says so to assistive technology, and does nothing. */
  readonly busy?: boolean
}

export function Button({
  kind = 'secondary',
  type = 'button',
  icon,
  wide = false,
  busy = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={busy ? 'button' : type}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
      className={classNames(buttonClass(kind, wide), className)}
    >
      {busy ? <SpinnerMark /> : icon}
      <span>{children}</span>
    </button>
  )
}
