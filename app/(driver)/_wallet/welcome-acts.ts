/** What the first screen does, and where it leads. */

import { useRouter } from 'next/navigation'
import type { WelcomeProps } from '@/components/driver/welcome-screen'
import { useInstallFirst } from './install-once'
import { usePasskeyActs } from './passkey-acts'

export function useWelcome(): WelcomeProps {
  const router = useRouter()
  const { view, run } = usePasskeyActs()
  const { isInstallFirst, open } = useInstallFirst()
  return {
    view,
    onCreate: () => {
      // The account would stay in Safari: the way to the home screen comes first, and leads back to here.
      if (isInstallFirst()) open('/welcome')
      else void run('createAccount')
    },
    onJoinFleet: () => open('/claim'),
    // Whoever pays for one session wants to charge now, not to install anything.
    onGuest: () => router.push('/guest'),
    onSignIn: () => open('/sign-in'),
    onRecover: () => router.push('/recover'),
  }
}
