/** Where the first screen leads. */

import { useRouter } from 'next/navigation'
import type { WelcomeProps } from '@/components/driver/welcome-screen'
import { useInstallFirst } from './install-once'

export function useWelcomeActs(): WelcomeProps {
  const router = useRouter()
  const open = useInstallFirst()
  return {
    onAddFunds: () => open('/sign-up'),
    onJoinFleet: () => open('/claim'),
    // Whoever pays for one session wants to charge now, not to install anything.
    onGuest: () => router.push('/guest'),
    onSignIn: () => open('/sign-in'),
  }
}
