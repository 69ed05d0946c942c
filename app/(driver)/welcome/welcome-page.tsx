'use client'

import { WelcomeScreen } from '@/components/driver/welcome-screen'
import { useWelcome } from '../_wallet/welcome-acts'

export function WelcomePage() {
  return <WelcomeScreen {...useWelcome()} />
}
