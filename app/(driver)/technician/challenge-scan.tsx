'use client'

/** Looks for the charger's question; by camera, from a picture, or pasted. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { ScanScreen } from '@/components/driver/scan-screen'
import type { Refusal } from '@/lib/core/reason'
import { useCodeCamera } from '../_wallet/use-code-camera'

export interface ChallengeScanProps {
  /** Gives why the code was not taken, or null. */
  onText(text: string): Promise<Refusal | null>
  onBack(): void
}

export function ChallengeScan({ onText, onBack }: ChallengeScanProps) {
  const t = useTranslations('driver.technician')
  const [lastRefusal, setLastRefusal] = useState<Refusal | null>(null)
  const look = (text: string): void => void onText(text).then(setLastRefusal)
  const { camera, picture, allow, readPicture } = useCodeCamera({
    label: t('scanTitle'),
    onText: look,
    onRefusal: setLastRefusal,
  })
  return (
    <ScanScreen
      view={{ purpose: 'answer', camera, refusal: lastRefusal, progress: null }}
      words={{ title: t('scanTitle'), hint: t('scanHint') }}
      onAllowCamera={allow}
      onPaste={(text) => look(text.replaceAll(/[\r\n]/g, ''))}
      onPicture={readPicture}
      onBack={onBack}
    >
      {picture}
    </ScanScreen>
  )
}
