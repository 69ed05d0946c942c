'use client'

/** `/sign-up` and `/sign-in`: one screen, two ways through it. */

import { useRouter } from 'next/navigation'
import { useState, useSyncExternalStore } from 'react'
import { SignUpScreen, type SignUpView } from '@/components/driver/sign-up-screen'
import { useOnline } from './network'
import { usePhone, whyNot } from './phone-host'

const subscribeToNothing = () => () => undefined
const browserHasPasskeys = (): boolean => typeof window.PublicKeyCredential === 'function'

export function PasskeyPage({ mode }: Pick<SignUpView, 'mode'>) {
  const router = useRouter()
  const online = useOnline()
  const host = usePhone()
  const passkeys = useSyncExternalStore(subscribeToNothing, browserHasPasskeys, () => true)
  const [state, setState] = useState<SignUpView['state']>({ kind: 'ready' })

  const run = async (act: 'createAccount' | 'signIn'): Promise<void> => {
    if (host.kind !== 'ready') {
      setState({
        kind: 'failed',
        refusal: whyNot(host),
      })
      return
    }
    setState({ kind: 'waiting' })
    const { phone } = host
    const outcome = await phone.acts[act](phone)
    if (!outcome.ok) {
      setState({ kind: 'failed', refusal: outcome.error })
      return
    }
    await phone.acts.refreshAccount(phone)
    setState({ kind: 'ready' })
    router.replace(act === 'createAccount' ? '/top-up' : '/')
  }
  return (
    <SignUpScreen
      view={{ mode, online, passkeys, state }}
      onCreate={() => void run('createAccount')}
      onSignIn={() => void run('signIn')}
      onSwitchMode={() => router.replace(mode === 'create' ? '/sign-in' : '/sign-up')}
      onRecover={() => router.push('/recover')}
      onBack={() => router.push('/')}
    />
  )
}
