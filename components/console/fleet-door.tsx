/** What stands before the fleet page: signing in, waiting, or that this account manages no fleet. */

import KeyRound from 'lucide-react/icons/key-round'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import type { Refusal } from '@/lib/core/reason'
import { ConsoleFrame } from './console-frame'
import { RefusalNotice } from './refusal-notice'

export type FleetDoorView =
  | { readonly kind: 'loading' }
  | {
      readonly kind: 'signed-out'
      readonly waiting: boolean
      readonly refusal: Refusal | null
      /** Only in the demonstration: its manager has no passkey. */
      readonly demo: boolean
    }
  | { readonly kind: 'no-fleet' }
  | { readonly kind: 'unreachable'; readonly refusal: Refusal }

export interface FleetDoorProps {
  readonly view: FleetDoorView
  readonly foot?: ReactNode
  onSignIn(): void
  onDemoSignIn(): void
  onSignOut(): void
  onTryAgain(): void
}

export function FleetDoor({ view, foot, ...acts }: FleetDoorProps) {
  const t = useTranslations('console')
  return (
    <ConsoleFrame title={t('title')} placesLabel={t('places.label')} places={[]} foot={foot}>
      <div className="mx-auto flex max-w-measure flex-col gap-6 pt-[8vh]">
        <DoorContent view={view} {...acts} />
      </div>
    </ConsoleFrame>
  )
}

function DoorContent({ view, onSignIn, onDemoSignIn, onSignOut, onTryAgain }: Omit<FleetDoorProps, 'foot'>) {
  const t = useTranslations('console.door')
  const common = useTranslations('common')
  switch (view.kind) {
    case 'loading':
      return (
        <>
          <h1 className="text-title">{t('title')}</h1>
          <Spinner awaited={t('loading')} usual={t('loadingUsual')} />
        </>
      )
    case 'unreachable':
      return (
        <>
          <h1 className="text-title">{t('title')}</h1>
          <RefusalNotice refusal={view.refusal} />
          <Button kind="primary" onClick={onTryAgain}>
            {common('tryAgain')}
          </Button>
        </>
      )
    case 'no-fleet':
      return (
        <>
          <h1 className="text-title">{t('title')}</h1>
          <Notice tone="plain" title={t('noFleet')} action={t('noFleetAction')} />
          <Button onClick={onSignOut}>{t('signOut')}</Button>
        </>
      )
    case 'signed-out':
      return (
        <>
          <h1 className="text-title">{t('title')}</h1>
          <p className="text-lead">{t('lead')}</p>
          {view.refusal === null ? null : <RefusalNotice refusal={view.refusal} />}
          <Button
            kind="primary"
            busy={view.waiting}
            icon={<KeyRound className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
            onClick={onSignIn}
          >
            {t('signIn')}
          </Button>
          {view.demo ? (
            <div className="border-t border-line pt-6">
              <p className="mb-3 text-mute">{t('demoLead')}</p>
              <Button wide busy={view.waiting} onClick={onDemoSignIn}>
                {t('demoSignIn')}
              </Button>
            </div>
          ) : null}
        </>
      )
  }
}
