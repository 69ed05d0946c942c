/** When the way to the home screen is shown: once, and on an iPhone before anything is kept in the browser. */

import { useRouter } from 'next/navigation'
import { markInstallShown, useInstallWay, wasInstallShown } from './install'

/** Home, by way of the hint to install where it was never shown. */
export function useWayHome(): () => void {
  const router = useRouter()
  const way = useInstallWay()
  return () => {
    const isNews = way !== 'installed' && !wasInstallShown()
    if (isNews) markInstallShown()
    router.replace(isNews ? '/install' : '/')
  }
}

/**
 * On an iPhone the app on the home screen has a storage of its own: what was taken along in Safari would stay there. So
 * the hint comes first, and leads on to where the driver wanted to go.
 */
export function useInstallFirst(): { isInstallFirst(): boolean; open(path: string): void } {
  const router = useRouter()
  const way = useInstallWay()
  const isInstallFirst = (): boolean => way === 'ios' && !wasInstallShown()
  return {
    isInstallFirst,
    open: (path) => {
      const isFirst = isInstallFirst()
      if (isFirst) markInstallShown()
      router.push(isFirst ? `/install?next=${encodeURIComponent(path)}` : path)
    },
  }
}
