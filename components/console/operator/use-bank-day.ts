/** Dates of a bank, such as `2026-09-01`, in the reader's language. They belong to no time zone. */

import { useLocale } from 'use-intl'
import { formatDay } from '@/lib/format/time'

export function useBankDay(): (date: string) => string {
  const locale = useLocale()
  return (date) => formatDay(locale, Date.parse(`${date}T00:00:00Z`) / 1_000, 'UTC')
}
