/** What is kept here with its size, the promise to keep it, and a copy of all of it in one file. */

import { useEffect, useMemo, useState } from 'react'
import type { StorageView } from '@/components/driver/settings-storage'
import type { JsonValue, PhoneExport } from '@/lib/wallet/export-state'
import { exportAccount } from '../_wallet/account-keys'
import { askToKeepStorage, useStorageKept } from '../_wallet/kept-storage'
import { keptAppBytes } from '../_wallet/local-data'
import { useOnline } from '../_wallet/network'
import type { ReadyPhone } from '../_wallet/phone-host'
import { saveFile } from '../_wallet/save-file'

export interface StorageActs {
  readonly view: StorageView
  keep(): void
  save(): void
}

export function useStorage(phone: ReadyPhone): StorageActs {
  const { state, views, wallet } = phone
  const kept = useStorageKept()
  const online = useOnline()
  const appBytes = useAppBytes()
  const [exporting, setExporting] = useState<StorageView['exporting']>('no')
  const signedIn = state.account?.signedIn === true
  const parts = useMemo(() => views.storedParts(state), [views, state])

  const save = async (): Promise<void> => {
    setExporting('yes')
    const account = signedIn ? await exportAccount() : null
    const file: PhoneExport = {
      ...views.export(wallet.snapshot(), wallet.nowS()),
      // It was JSON when it came.
      account: account?.ok === true ? (account.value as JsonValue) : null,
      accountMissing: account === null ? 'signed-out' : account.ok ? null : 'unreachable',
    }
    saveFile('outpost-export.json', JSON.stringify(file, null, 2), 'application/json')
    setExporting(file.accountMissing === 'unreachable' ? 'without-account' : 'no')
  }
  return {
    view: {
      parts: [...parts, { name: 'app', count: null, bytes: appBytes }],
      kept,
      exporting,
      signedIn,
      online,
    },
    keep: () => void askToKeepStorage(),
    save: () => void save(),
  }
}

function useAppBytes(): number | null {
  const [bytes, setBytes] = useState<number | null>(null)
  useEffect(() => {
    let left = false
    void keptAppBytes().then((measured) => {
      if (!left) setBytes(measured)
    })
    return () => {
      left = true
    }
  }, [])
  return bytes
}
