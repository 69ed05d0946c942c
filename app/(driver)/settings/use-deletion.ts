/** Deleting this phone's data, or the account; with what is at stake as it stands now. */

import { useState } from 'react'
import type { DeleteView } from '@/components/driver/settings-delete'
import { deleteAccount } from '../_wallet/account-keys'
import { deleteLocalData } from '../_wallet/local-data'
import { useOnline } from '../_wallet/network'
import type { ReadyPhone } from '../_wallet/phone-host'

export interface DeletionActs {
  readonly view: DeleteView
  here(): void
  account(): void
}

type Progress = Pick<DeleteView, 'busy' | 'refusal' | 'closed'>

const idle: Progress = { busy: false, refusal: null, closed: null }

export function useDeletion(phone: ReadyPhone): DeletionActs {
  const { state, views } = phone
  const online = useOnline()
  const [progress, setProgress] = useState<Progress>(idle)

  const account = async (): Promise<void> => {
    setProgress({ ...idle, busy: true })
    const closed = await deleteAccount()
    if (!closed.ok) {
      setProgress({ ...idle, refusal: closed.error })
      return
    }
    const { reference, balanceMinor, reservedMinor, currency } = closed.value
    setProgress({ ...idle, closed: { reference, amountMinor: balanceMinor + reservedMinor, currency } })
  }
  return {
    view: {
      ...views.stakes(state),
      signedIn: state.account?.signedIn === true,
      online,
      balanceMinor: state.account?.balanceMinor ?? 0,
      currency: state.account?.currency ?? 'EUR',
      ...progress,
    },
    here: () => void deleteLocalData(phone),
    account: () => void account(),
  }
}
