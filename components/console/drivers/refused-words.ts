/** What is wrong with a row of a file, in words. */

import { useTranslations } from 'use-intl/react'

/** Whatever is not known here yet still says that the row was refused. */
export function useRefusedWords(): (code: string) => string {
  const t = useTranslations('consoleDrivers.import.wrong')
  return (code) => (isKnown(code) ? t(code) : t('other'))
}

const known = ['missing', 'too-long', 'characters', 'email', 'class', 'twice', 'cells'] as const
type Known = (typeof known)[number]

const isKnown = (code: string): code is Known => known.some((one) => one === code)
