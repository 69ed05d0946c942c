'use client'

/** `/devices`: passkeys, recovery codes and phones of the account, as the operator knows them now. */

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { DevicesScreen } from '@/components/driver/devices-screen'
import type { DevicesData } from '@/components/driver/devices-view'
import { RecoveryCodesScreen } from '@/components/driver/recovery-codes-screen'
import { Screen } from '@/components/driver/screen'
import { useTranslations } from 'use-intl/react'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import {
  addPasskey,
  askDevices,
  makeRecoveryCodes,
  removePasskey,
  renamePasskey,
  renamePhone,
  reportLost,
  signOutOthers,
} from '../_wallet/account-keys'
import { copyText, saveText } from '../_wallet/keep-text'
import { useOnline } from '../_wallet/network'
import { changePin, lockKind } from '../_wallet/seal-desk'
import { WithPhone, type Ready } from '../_wallet/with-phone'

export function DevicesPage() {
  const router = useRouter()
  return (
    <WithPhone opening={<Screen onBack={() => router.push('/account')} />}>
      {(ready) => <Devices ready={ready} />}
    </WithPhone>
  )
}

function Devices({ ready: { phone, nowS } }: { readonly ready: Ready }) {
  const router = useRouter()
  const online = useOnline()
  const t = useTranslations('driver.recoveryCodes')
  const signedIn = phone.state.account?.signedIn === true
  const [data, setData] = useState<DevicesData | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [lock, setLock] = useState<'pin' | 'passkey' | null>(null)
  useEffect(() => void lockKind().then(setLock), [])

  useEffect(() => {
    if (!online || !signedIn) return
    let isLeft = false
    void askDevices().then((answer) => {
      if (isLeft) return
      if (answer.ok) setData(answer.value)
      else setRefusal(answer.error)
    })
    return () => {
      isLeft = true
    }
  }, [online, signedIn])

  /** Carries one act out, then reads everything again. */
  const run = async <T,>(act: Promise<Result<T, Refusal>>): Promise<T | undefined> => {
    setIsBusy(true)
    setRefusal(null)
    const outcome = await act
    if (outcome.ok) {
      const fresh = await askDevices()
      if (fresh.ok) setData(fresh.value)
    } else setRefusal(outcome.error)
    setIsBusy(false)
    return outcome.ok ? outcome.value : undefined
  }
  if (codes !== null) {
    const text = `${t('fileHead')}\n\n${codes.join('\n')}\n`
    return (
      <RecoveryCodesScreen
        view={{ codes }}
        onCopy={() => copyText(codes.join('\n'))}
        onSave={() => saveText('outpost-recovery-codes.txt', text)}
        onPrint={() => window.print()}
        onDone={() => setCodes(null)}
      />
    )
  }
  return (
    <DevicesScreen
      view={{ data, online, signedIn, isBusy, refusal, lock, nowS }}
      onAddPasskey={() => void run(addPasskey(''))}
      onRenamePasskey={(id, name) => void run(renamePasskey(id, name))}
      onRemovePasskey={(id) => void run(removePasskey(id))}
      onMakeCodes={() => void run(makeRecoveryCodes()).then((made) => setCodes(made ?? null))}
      onRenamePhone={(id, name) => void run(renamePhone(id, name))}
      onLost={(id) => void run(reportLost(id)).then(() => phone.sync.kick())}
      onChangePin={() => void changePin()}
      onSignOutOthers={() => void run(signOutOthers())}
      onSignIn={() => router.push('/sign-in')}
      onBack={() => router.push('/account')}
    />
  )
}
