/** What is read from this phone's receipts: being read, nothing yet, or there. */

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Spinner } from '@/components/ui/spinner'
import { Screen } from './screen'

export interface HistoryScreenProps {
  readonly title: string
  readonly state: 'loading' | 'empty' | 'there'
  readonly loading: string
  readonly empty: { readonly drawing: ReactNode; readonly text: string; readonly act: string }
  onCharge(): void
  onBack(): void
  /** Drawn only when it is there. */
  readonly children: ReactNode
}

export function HistoryScreen({
  title,
  state,
  loading,
  empty,
  onCharge,
  onBack,
  children,
}: HistoryScreenProps) {
  const charge = (
    <Button kind="primary" wide onClick={onCharge}>
      {empty.act}
    </Button>
  )
  return (
    <Screen title={title} onBack={onBack} foot={state === 'empty' ? charge : undefined}>
      {state === 'loading' ? <Spinner awaited={loading} /> : null}
      {state === 'empty' ? (
        <>
          {empty.drawing}
          <p className="text-lead">{empty.text}</p>
        </>
      ) : null}
      {state === 'there' ? children : null}
    </Screen>
  )
}
