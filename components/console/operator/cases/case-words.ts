/** Kinds, reasons and steps of cases in words. What is not known here is shown by its own name: a newer operator may know more. */

import { useTranslations } from 'use-intl/react'
import type english from '@/lib/format/messages/en/console-operator.json'

type Cases = (typeof english)['cases']
type Group = 'kinds' | 'reasons' | 'steps' | 'authors' | 'facts'
type KeyOf = { readonly [G in Group]: keyof Cases[G] & string }

/** @returns the word for it, or what it is called. */
export function useCaseWords(): <G extends Group>(group: G, name: string) => string {
  const t = useTranslations('consoleOperator.cases')
  return (group, name) => {
    const key = `${group}.${name}` as `kinds.${KeyOf['kinds']}`
    return t.has(key) ? t(key) : name
  }
}
