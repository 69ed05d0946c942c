'use client'

/** `/install`: how to keep the app where it opens without signal; `?next=/welcome` says where it goes on. */

import { useRouter } from 'next/navigation'
import { useSyncExternalStore } from 'react'
import { InstallScreen } from '@/components/driver/install-screen'
import { promptInstall, useInstallWay } from '../_wallet/install'

/** Only these: an address could otherwise send people anywhere. */
const places = ['/welcome', '/sign-in', '/claim'] as const

function nextPlace(): string {
  const wanted = new URLSearchParams(window.location.search).get('next')
  return places.find((place) => place === wanted) ?? '/'
}

const subscribeToNothing = () => () => undefined

export function InstallPage() {
  const router = useRouter()
  const way = useInstallWay()
  const next = useSyncExternalStore(subscribeToNothing, nextPlace, () => '/')
  return (
    <InstallScreen
      view={{ way: way === 'installed' ? 'menu' : way, isFirst: next !== '/' }}
      onInstall={() => void promptInstall().then(() => router.replace(next))}
      onLater={() => router.replace(next)}
    />
  )
}
