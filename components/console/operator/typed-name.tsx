/** What hurts a fleet asks for its name to be typed, so that no slip of the hand does it to another one. */

import { useTranslations } from 'use-intl/react'
import { Field } from '@/components/ui/field'

const plain = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

export const isTyped = (typed: string, name: string): boolean => plain(typed) === plain(name)

export interface TypedNameProps {
  readonly name: string
  readonly typed: string
  onTyped(typed: string): void
}

export function TypedName({ name, typed, onTyped }: TypedNameProps) {
  const t = useTranslations('consoleOperator')
  return (
    <Field
      label={t('type', { name })}
      value={typed}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onTyped(event.target.value)}
    />
  )
}
