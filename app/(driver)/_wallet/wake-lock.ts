/** Keeps the screen lit while a code stands on it. */

import { useEffect } from 'react'

export function useWakeLock(): void {
  useEffect(() => {
    let sentinel: WakeLockSentinel | undefined
    let left = false
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return
      try {
        const next = await navigator.wakeLock.request('screen')
        if (left) await next.release()
        else sentinel = next
      } catch {
        // Missing or refused (battery saver): the code stays, only the screen may dim.
      }
    }
    const again = (): void => void ask()
    void ask()
    // The browser takes the lock away whenever the page is hidden.
    document.addEventListener('visibilitychange', again)
    return () => {
      left = true
      document.removeEventListener('visibilitychange', again)
      void sentinel?.release()
    }
  }, [])
}
