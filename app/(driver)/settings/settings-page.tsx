'use client'

/** `/settings`: how the app looks and sounds, what it keeps, and how to be rid of it. */

import { useRouter } from 'next/navigation'
import { Screen } from '@/components/driver/screen'
import { SettingsScreen, type SettingsProps } from '@/components/driver/settings-screen'
import { useContrast } from '@/components/ui/contrast'
import { useLanguage } from '@/components/ui/language'
import { useTheme } from '@/components/ui/theme'
import { chooseLocale } from '@/lib/format/locale'
import { useHaptics, useSounds } from '../_wallet/feedback-choice'
import { WithPhone, type Ready } from '../_wallet/with-phone'
import { useDeletion } from './use-deletion'
import { useStorage } from './use-storage'

export function SettingsPage() {
  const router = useRouter()
  return (
    <WithPhone opening={<Screen onBack={() => router.push('/account')} />}>
      {(ready) => <Settings ready={ready} />}
    </WithPhone>
  )
}

type Look = Pick<SettingsProps, 'look' | 'onLocale' | 'onTheme' | 'onContrast' | 'onSounds' | 'onHaptics'>

function useLook(): Look {
  const [locale, onLocale] = useLanguage(chooseLocale)
  const [theme, onTheme] = useTheme()
  const [contrast, setContrast] = useContrast()
  const [sounds, onSounds] = useSounds()
  const [haptics, onHaptics] = useHaptics()
  return {
    look: { locale, theme, strongContrast: contrast === 'more', sounds, haptics },
    onLocale,
    onTheme,
    onContrast: (strong) => setContrast(strong ? 'more' : 'auto'),
    onSounds,
    onHaptics,
  }
}

function Settings({ ready: { phone } }: { readonly ready: Ready }) {
  const router = useRouter()
  const look = useLook()
  const storage = useStorage(phone)
  const deletion = useDeletion(phone)
  return (
    <SettingsScreen
      {...look}
      storage={storage.view}
      onKeep={storage.keep}
      onExport={storage.save}
      deletion={deletion.view}
      onDeleteHere={deletion.here}
      onDeleteAccount={deletion.account}
      onBack={() => router.push('/account')}
    />
  )
}
