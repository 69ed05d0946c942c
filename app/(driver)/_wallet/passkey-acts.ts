/** Making an account, or signing in, where a screen offers it: what the browser can do, how far it is, and the act. */

import { useRouter } from 'next/navigation'
import { useState, useSyncExternalStore } from 'react'
import type { SignUpView } from '@/components/driver/sign-up-screen'
import { useOnline } from './network'
import { whenOpened, whyNot } from './phone-host'

const subscribeToNothing = () => () => undefined
const browserHasPasskeys = (): boolean => typeof window.PublicKeyCredential === 'function'

export interface PasskeyActs {
  readonly view: Pick<SignUpView, 'online' | 'passkeys' | 'state'>
  /** Leads on by itself: a new account wants funds, an old one has its home. */
  run(act: 'createAccount' | 'signIn'): Promise<void>
}

export function usePasskeyActs(): PasskeyActs {
  const router = useRouter()
  const online = useOnline()
  const passkeys = useSyncExternalStore(subscribeToNothing, browserHasPasskeys, () => true)
  const [state, setState] = useState<SignUpView['state']>({ kind: 'ready' })

  const run: PasskeyActs['run'] = async (act) => {
    setState({ kind: 'waiting' })
    const host = await whenOpened()
    if (host.kind !== 'ready') {
      setState({ kind: 'failed', refusal: whyNot(host) })
      return
    }
    const { phone } = host
    const outcome = await phone.acts[act](phone)
    if (!outcome.ok) {
      setState({ kind: 'failed', refusal: outcome.error })
      return
    }
    await phone.acts.refreshAccount(phone)
    // It stays in waiting until the next screen is there: nothing may flash up in between, or be pressed twice.
    router.replace(act === 'createAccount' ? '/top-up' : '/')
  }
  return { view: { online, passkeys, state }, run }
}
