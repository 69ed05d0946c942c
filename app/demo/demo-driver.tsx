/** For computers without a passkey: signs the phone in as the demonstration's driver. */

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'

export interface DemoDriverProps {
  readonly disabled: boolean
  onSignedIn(): void
}

export function DemoDriver({ disabled, onSignedIn }: DemoDriverProps) {
  const translate = useTranslations('demo')
  const [busy, setBusy] = useState(false)
  const signIn = async (): Promise<void> => {
    setBusy(true)
    const answered = await fetch('/api/v1/demo/sign-in?as=driver', { method: 'POST' }).catch(() => undefined)
    setBusy(false)
    if (answered?.ok === true) onSignedIn()
  }
  return (
    <div className="flex flex-col gap-2">
      <Button wide busy={busy} disabled={disabled} onClick={() => void signIn()}>
        {translate('demoDriver')}
      </Button>
      <p className="text-note text-mute">{translate('demoDriverHint')}</p>
    </div>
  )
}
