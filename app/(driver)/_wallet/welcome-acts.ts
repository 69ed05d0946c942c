/** Where the first screen leads. */

import { useRouter } from 'next/navigation'
import type { WelcomeProps } from '@/components/driver/welcome-screen'

export function useWelcomeActs(): WelcomeProps {
  const router = useRouter()
  return {
    onAddFunds: () => router.push('/sign-up'),
    onJoinFleet: () => router.push('/claim'),
    onGuest: () => router.push('/guest'),
    onSignIn: () => router.push('/sign-in'),
  }
}
