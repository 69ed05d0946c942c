/** How the app looks and sounds here, and what it keeps: to be read, taken along and deleted. */

import { useTranslations } from 'use-intl/react'
import { LanguageSwitch } from '@/components/ui/language-switch'
import { ThemeSwitch } from '@/components/ui/theme-switch'
import { Toggle } from '@/components/ui/toggle'
import { localeNames, type Locale } from '@/lib/format/locale'
import { Screen, SectionHead } from './screen'
import { SettingsDelete, type DeleteProps } from './settings-delete'
import { SettingsStorage, type StorageProps } from './settings-storage'

export interface SettingsProps extends StorageProps, DeleteProps {
  readonly look: {
    readonly locale: Locale
    readonly theme: 'day' | 'night' | 'auto'
    readonly strongContrast: boolean
    readonly sounds: boolean
    readonly haptics: boolean
  }
  onLocale(locale: Locale): void
  onTheme(theme: SettingsProps['look']['theme']): void
  onContrast(strong: boolean): void
  onSounds(on: boolean): void
  onHaptics(on: boolean): void
  onBack(): void
}

export function SettingsScreen(props: SettingsProps) {
  const { look, onBack } = props
  const t = useTranslations('driver.settings')
  const common = useTranslations('common')
  return (
    <Screen title={t('title')} onBack={onBack}>
      <LanguageSwitch
        legend={common('language')}
        names={localeNames}
        value={look.locale}
        onChange={props.onLocale}
      />
      <ThemeSwitch
        legend={common('theme')}
        names={{ auto: common('themeAuto'), day: common('themeDay'), night: common('themeNight') }}
        value={look.theme}
        onChange={props.onTheme}
      />
      <div className="divide-y divide-line border-y border-line">
        <Toggle
          label={t('contrast')}
          note={t('contrastNote')}
          checked={look.strongContrast}
          onChange={props.onContrast}
        />
        <Toggle label={t('sounds')} note={t('soundsNote')} checked={look.sounds} onChange={props.onSounds} />
        <Toggle
          label={t('haptics')}
          note={t('hapticsNote')}
          checked={look.haptics}
          onChange={props.onHaptics}
        />
      </div>
      <SectionHead>{t('privacy')}</SectionHead>
      <SettingsStorage {...props} />
      <SettingsDelete {...props} />
    </Screen>
  )
}
