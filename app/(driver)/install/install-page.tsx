'use client'

/** `/install`: how to keep the app where it opens without signal. */

import { useRouter } from 'next/navigation'
import { InstallScreen } from '@/components/driver/install-screen'
import { promptInstall, useInstallWay } from '../_wallet/install'

export function InstallPage() {
  const router = useRouter()
  const way = useInstallWay()
  return (
    <InstallScreen
      view={{ way: way === 'installed' ? 'menu' : way }}
      onInstall={() => void promptInstall().then(() => router.replace('/'))}
      onLater={() => router.replace('/')}
    />
  )
}
