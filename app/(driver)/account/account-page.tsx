'use client'

/** `/account`: the balance, the way to everything that belongs to the account, sign-in and sign-out. */

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { AccountScreen } from '@/components/driver/account-screen'
import { ProblemScreen } from '@/components/driver/problem-screen'
import { Screen } from '@/components/driver/screen'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import { useStorageKept } from '../_wallet/kept-storage'
import { useOnline } from '../_wallet/network'
import { WithPhone, type Ready } from '../_wallet/with-phone'

export function AccountPage() {
  const router = useRouter()
  return (
    <WithPhone opening={<Screen onBack={() => router.push('/')} />}>
      {(ready) => <Account ready={ready} />}
    </WithPhone>
  )
}

function Account({ ready: { phone, nowS } }: { readonly ready: Ready }) {
  const router = useRouter()
  const online = useOnline()
  const storageKept = useStorageKept()
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const { acts, views, sync } = phone
  useEffect(() => sync.kick(), [sync])

  const carryOut = async (act: Promise<Result<void, Refusal>>): Promise<void> => {
    const outcome = await act
    if (!outcome.ok) setRefusal(outcome.error)
  }
  if (refusal !== null) {
    return (
      <ProblemScreen
        view={{ refusal, next: 'home' }}
        onNext={() => router.replace('/')}
        onBack={() => setRefusal(null)}
      />
    )
  }
  return (
    <AccountScreen
      view={views.account(phone.state, nowS, { online, storageKept })}
      onOpen={(path) => router.push(path)}
      onAddFunds={() => router.push(phone.state.account?.signedIn === true ? '/top-up' : '/sign-up')}
      onSignIn={() => router.push('/sign-in')}
      onSignOut={(givesBack) => carryOut(acts.signOut(phone, givesBack))}
      onBack={() => router.push('/')}
    />
  )
}
