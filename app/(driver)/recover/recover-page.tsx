'use client'

/** `/recover`: a recovery code makes a new passkey on this phone. */

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { RecoverScreen, type RecoverView } from '@/components/driver/recover-screen'
import { Screen } from '@/components/driver/screen'
import { phoneName } from '@/lib/wallet/phone-identity'
import { askDevices, recover } from '../_wallet/account-keys'
import { useOnline } from '../_wallet/network'
import { WithPhone, type Ready } from '../_wallet/with-phone'

export function RecoverPage() {
  const router = useRouter()
  return (
    <WithPhone opening={<Screen onBack={() => router.push('/sign-in')} />}>
      {(ready) => <Recover ready={ready} />}
    </WithPhone>
  )
}

function Recover({ ready: { phone, nowS } }: { readonly ready: Ready }) {
  const router = useRouter()
  const online = useOnline()
  const [state, setState] = useState<RecoverView['state']>({ kind: 'ready' })
  const run = async (code: string): Promise<void> => {
    setState({ kind: 'waiting' })
    const signedIn = await recover(code, phoneName(navigator.userAgent))
    const kept = signedIn.ok ? await phone.acts.keepSignIn(phone, signedIn.value) : signedIn
    if (!kept.ok) {
      setState({ kind: 'failed', refusal: kept.error })
      return
    }
    await phone.acts.refreshAccount(phone)
    const devices = await askDevices()
    setState({
      kind: 'done',
      coolOffUntilS: devices.ok ? devices.value.coolOffUntilS : null,
      codesLeft: devices.ok ? devices.value.recoveryCodesLeft : null,
    })
  }
  return (
    <RecoverScreen
      view={{ online, state, nowS }}
      onRecover={(code) => void run(code)}
      onDone={() => router.replace('/')}
      onDevices={() => router.replace('/devices')}
      onBack={() => router.push('/sign-in')}
    />
  )
}
