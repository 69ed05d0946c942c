'use client'

/** Wires the fleet at a glance to its store. */

import { useState, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl/react'
import { FleetScreen } from '@/components/console/fleet-screen'
import { RefusalNotice } from '@/components/console/refusal-notice'
import { Spinner } from '@/components/ui/spinner'
import { useConsole } from '../../_console/console-context'
import { createFleetStore } from './fleet-store'

export function FleetPage() {
  const t = useTranslations('console.door')
  const { onRefusal } = useConsole()
  const [store] = useState(() => createFleetStore(onRefusal))
  const state = useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot)
  switch (state.kind) {
    case 'loading':
      return <Spinner awaited={t('loading')} usual={t('loadingUsual')} />
    case 'failed':
      return <RefusalNotice refusal={state.refusal} />
    case 'fleet':
      return <FleetScreen view={state.view} acts={store.acts} />
  }
}
