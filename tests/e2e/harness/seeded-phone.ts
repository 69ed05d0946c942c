/**
 * A phone with a past: charges are made in a wallet over in-memory ports, with all their signatures, and its records are
 * laid into the browser's database before the app opens there. No operator and no charger are needed to look at history.
 */

import type { Page } from 'playwright'
import { toBase64Url } from '@/lib/core/bytes'
import { expectOk, ok } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { replaceEntry } from '@/lib/wallet/chain'
import { storyTimeS } from '@/tests/fixtures/messages'
import { approveOffer, grantTo, newPhone, receiptFor, receiptText } from '@/tests/fixtures/wallet-world'

export interface PastCharge {
  readonly energyWh: number
  readonly daysAgo: number
}

/** Oldest first; the last one stays as it was scanned, the others are settled. Gives the session ids in that order. */
export async function chargesOf(past: readonly PastCharge[], nowS: number = storyTimeS) {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet, { capMinor: minorUnits(50_000) })
  const ids: string[] = []
  for (const [at, { energyWh, daysAgo }] of past.entries()) {
    const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
    const startS = epochSeconds(nowS - daysAgo * 86_400)
    expectOk(
      await wallet.scan(receiptText(await receiptFor(id, 1_500, energyWh, { startS, counter: 41 + at }))),
      'kept',
    )
    ids.push(id)
    if (at === past.length - 1) continue
    const settled = await wallet.apply((state) =>
      ok({
        ...state,
        chains: state.chains.map((chain) =>
          replaceEntry(chain, id, (entry) => ({
            ...entry,
            standing: 'settled',
            standingAtS: storyTimeS,
            reportedPieces: 2,
          })),
        ),
      }),
    )
    expectOk(settled, 'settled')
  }
  return { ids, records: [...phone.disk.records], revision: phone.disk.revision }
}

/** Opens a page of the same origin that leaves the wallet alone, and writes the records as the app would have. */
export async function layIntoBrowser(
  page: Page,
  origin: string,
  { records, revision }: Awaited<ReturnType<typeof chargesOf>>,
): Promise<void> {
  await page.goto(`${origin}/verify`)
  const text = JSON.stringify([...records, ['revision', revision]], (_key, value: unknown) =>
    value instanceof Uint8Array ? { bytes64: toBase64Url(value as Uint8Array<ArrayBuffer>) } : value,
  )
  await page.evaluate(async (stored) => {
    const entries = JSON.parse(stored, (_key, value: unknown) => {
      const packed = (value as { bytes64?: string } | null)?.bytes64
      if (packed === undefined) return value
      const raw = atob(packed.replaceAll('-', '+').replaceAll('_', '/'))
      return Uint8Array.from(raw, (character) => character.charCodeAt(0))
    }) as [string, unknown][]
    const database = await new Promise<IDBDatabase>((done, fail) => {
      const opening = indexedDB.open('outpost-wallet', 2)
      opening.onupgradeneeded = () => {
        for (const name of ['records', 'keys', 'device']) opening.result.createObjectStore(name)
      }
      opening.onsuccess = () => done(opening.result)
      opening.onerror = () => fail(opening.error)
    })
    const store = database.transaction('records', 'readwrite').objectStore('records')
    for (const [key, value] of entries) store.put(value, key)
    await new Promise((done) => (store.transaction.oncomplete = done))
    database.close()
  }, text)
}
