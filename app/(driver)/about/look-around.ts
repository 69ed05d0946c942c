/** What this browser is and has, for the report to support. Asks for nothing that a person would have to allow. */

import type { PhoneSurroundings } from '@/lib/wallet/diagnostics'
import { knownClockOffsetS, requestMarks } from '../_wallet/request-log'

/** What the app uses, each by a look that has no effect. */
const features: Readonly<Record<string, () => boolean>> = {
  'service-worker': () => 'serviceWorker' in navigator,
  'indexed-db': () => 'indexedDB' in window,
  locks: () => 'locks' in navigator,
  'web-crypto': () => 'subtle' in crypto,
  passkeys: () => 'PublicKeyCredential' in window,
  camera: () => 'mediaDevices' in navigator,
  'wake-lock': () => 'wakeLock' in navigator,
  share: () => 'share' in navigator,
  clipboard: () => 'clipboard' in navigator,
  vibration: () => 'vibrate' in navigator,
  bluetooth: () => 'bluetooth' in navigator,
  persistence: () => 'storage' in navigator,
  'web-assembly': () => 'WebAssembly' in window,
}

export async function lookAround(
  app: Pick<PhoneSurroundings, 'appVersion' | 'builtAtS'>,
): Promise<PhoneSurroundings> {
  const has = (name: string): boolean => features[name]?.() ?? false
  const names = Object.keys(features)
  const estimate = await quietly(() => navigator.storage.estimate())
  return {
    ...app,
    userAgent: navigator.userAgent,
    locale: `${document.documentElement.lang} of ${navigator.languages.slice(0, 4).join(' ')}`,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    online: navigator.onLine,
    installed: window.matchMedia('(display-mode: standalone)').matches,
    serviceWorker: (await quietly(workerText)) ?? 'none',
    storageUsedBytes: estimate?.usage ?? null,
    storageQuotaBytes: estimate?.quota ?? null,
    storageKept: (await quietly(() => navigator.storage.persisted())) ?? null,
    features: names.filter(has),
    missing: names.filter((name) => !has(name)),
    clockOffsetS: knownClockOffsetS(),
    requests: requestMarks(),
  }
}

async function workerText(): Promise<string> {
  const registration = await navigator.serviceWorker.getRegistration()
  if (registration === undefined) return 'none'
  const { active, waiting, installing } = registration
  const names = await caches.keys()
  const states = [
    ...(active === null ? [] : [`active (${active.state})`]),
    ...(waiting === null ? [] : ['a newer one waits']),
    ...(installing === null ? [] : ['a newer one is fetched']),
  ]
  return `${states.join(', ') || 'none active'}, keeps ${names.join(' ') || 'nothing'}`
}

/** Undefined where the browser lacks it or refuses. */
async function quietly<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch {
    return undefined
  }
}
