/** How this browser puts the app on the home screen. */

import { useSyncExternalStore } from 'react'

/** Not in the DOM types: Chromium's own event. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<unknown>
}

let offered: InstallPromptEvent | undefined
const listeners = new Set<() => void>()

const tell = (): void => {
  for (const listener of listeners) listener()
}

/** Starts listening; the browser offers once, early. */
export function listenForInstall(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    offered = event as InstallPromptEvent
    tell()
  })
  window.addEventListener('appinstalled', () => {
    offered = undefined
    tell()
  })
}

export async function promptInstall(): Promise<void> {
  const event = offered
  offered = undefined
  await event?.prompt()
  tell()
}

export type InstallWay = 'prompt' | 'ios' | 'menu' | 'installed'

/** An iPad calls itself a Mac, but no Mac has a touchscreen. */
const isApplePhone = (): boolean =>
  /iPhone|iPad|iPod/.test(navigator.userAgent) ||
  (navigator.userAgent.includes('Macintosh') && navigator.maxTouchPoints > 1)

function way(): InstallWay {
  if (window.matchMedia('(display-mode: standalone)').matches) return 'installed'
  if (offered !== undefined) return 'prompt'
  return isApplePhone() ? 'ios' : 'menu'
}

export const useInstallWay = (): InstallWay =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    way,
    () => 'menu',
  )

const seenKey = 'outpost.install-seen'

export function wasInstallShown(): boolean {
  try {
    return localStorage.getItem(seenKey) !== null
  } catch {
    return true
  }
}

export function markInstallShown(): void {
  try {
    localStorage.setItem(seenKey, '1')
  } catch {
    // Shown once more next time, which is harmless.
  }
}
