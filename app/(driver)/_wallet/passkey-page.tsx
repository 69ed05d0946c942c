'use client'

/** `/sign-up` and `/sign-in`: one screen, two ways through it. */

import { useRouter } from 'next/navigation'
import { SignUpScreen, type SignUpView } from '@/components/driver/sign-up-screen'
import { usePasskeyActs } from './passkey-acts'

export function PasskeyPage({ mode }: Pick<SignUpView, 'mode'>) {
  const router = useRouter()
  const { view, run } = usePasskeyActs()
  return (
    <SignUpScreen
      view={{ mode, ...view }}
      onCreate={() => void run('createAccount')}
      onSignIn={() => void run('signIn')}
      onSwitchMode={() => router.replace(mode === 'create' ? '/sign-in' : '/sign-up')}
      onRecover={() => router.push('/recover')}
      onBack={() => router.push('/')}
    />
  )
}
