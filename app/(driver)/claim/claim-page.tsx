'use client'

/** `/claim#CODE`: takes a fleet's token. The code stands in the fragment, which no server or proxy ever sees. */

import { useRouter } from 'next/navigation'
import { useState, useSyncExternalStore } from 'react'
import { ClaimFleetScreen, type ClaimFleetView } from '@/components/driver/claim-fleet-screen'
import { useWayHome } from '../_wallet/install-once'
import { askToKeepStorage } from '../_wallet/kept-storage'
import { useOnline } from '../_wallet/network'
import { whenOpened, whyNot } from '../_wallet/phone-host'

const codeLengthMax = 64

function subscribeToFragment(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

function codeInFragment(): string {
  try {
    return decodeURIComponent(window.location.hash.slice(1)).slice(0, codeLengthMax)
  } catch {
    return ''
  }
}

export function ClaimPage() {
  const router = useRouter()
  const online = useOnline()
  const wayHome = useWayHome()
  const code = useSyncExternalStore(subscribeToFragment, codeInFragment, () => '')
  const [state, setState] = useState<ClaimFleetView['state']>({ kind: 'ready' })

  const claim = async (typed: string): Promise<void> => {
    setState({ kind: 'waiting' })
    const host = await whenOpened()
    if (host.kind !== 'ready') {
      setState({ kind: 'failed', refusal: whyNot(host) })
      return
    }
    const { phone } = host
    const claimed = await phone.acts.claimFleet(phone, typed.trim())
    if (!claimed.ok) {
      setState({ kind: 'failed', refusal: claimed.error })
      return
    }
    void askToKeepStorage()
    const chain = phone.wallet.snapshot().chains.findLast((each) => each.fleetName !== null)
    setState({
      kind: 'done',
      fleetName: claimed.value.fleetName,
      capMinor: chain?.grant.payload.capMinor ?? 0,
      currency: chain?.grant.payload.currency ?? 'EUR',
      untilS: chain?.grant.payload.notAfterS ?? 0,
    })
  }
  return (
    <ClaimFleetScreen
      key={code}
      view={{ online, code, state }}
      onClaim={(typed) => void claim(typed)}
      onDone={wayHome}
      onBack={() => router.push('/')}
    />
  )
}
