/** The camera's picture on the kiosk. The camera is on only while this is on the glass. */

import { useEffect } from 'react'
import { useTranslations } from 'use-intl'
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url'
import type { CameraSource } from '@/components/camera/camera-source'
import { CodeScanner } from '@/components/camera/code-scanner'
import type { ReasonCode } from '@/lib/core/reason-codes'

export interface KioskCameraProps {
  readonly source: CameraSource
  onText(text: string): void
  onProblem(code: ReasonCode): void
}

export function KioskCamera({ source, onText, onProblem }: KioskCameraProps) {
  const t = useTranslations('kiosk.offer')
  useEffect(() => () => source.close(), [source])
  return (
    <CodeScanner
      source={source}
      wasmUrl={wasmUrl}
      active
      mirrored
      label={t('cameraLabel')}
      onText={onText}
      onProblem={onProblem}
      className="h-full w-full"
    />
  )
}
