/** Language and light, small enough for the rail. */

import { useTranslations } from 'use-intl/react'
import { Choice } from '@/components/ui/choice'
import type { Theme } from '@/components/ui/theme'
import { localeNames, locales, type Locale } from '@/lib/format/locale'

export interface PreferencesProps {
  readonly locale: Locale
  readonly theme: Theme
  onLanguage(locale: Locale): void
  onTheme(theme: Theme): void
}

export function Preferences({ locale, theme, onLanguage, onTheme }: PreferencesProps) {
  const t = useTranslations('common')
  const lights = { auto: t('themeAuto'), day: t('themeDay'), night: t('themeNight') } as const
  return (
    <div className="flex max-w-72 flex-col gap-3 text-note">
      <Choice
        legend={t('language')}
        options={locales.map((value) => ({ value, label: localeNames[value], lang: value }))}
        value={locale}
        onChange={onLanguage}
      />
      <Choice
        legend={t('theme')}
        options={(['auto', 'day', 'night'] as const).map((value) => ({ value, label: lights[value] }))}
        value={theme}
        onChange={onTheme}
      />
    </div>
  )
}
