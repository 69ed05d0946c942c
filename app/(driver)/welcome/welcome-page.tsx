'use client'

import { WelcomeScreen } from '@/components/driver/welcome-screen'
import { useWelcomeActs } from '../_wallet/welcome-acts'

export function WelcomePage() {
  return <WelcomeScreen {...useWelcomeActs()} />
}
