'use client'

/** The camera of a screen that looks for codes: asked for, taken while it looks, given back; or a picture instead. */

import { useEffect, useState, type ReactNode } from 'react'
import type { CameraSource } from '@/components/camera/camera-source'
import { CodeScanner } from '@/components/camera/code-scanner'
import type { ScanView } from '@/components/driver/scan-screen'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { markCameraAllowed, releaseCamera, takeCamera, wasCameraAllowed } from './camera'

/** Copied there by service-worker/build.mjs. */
const wasmUrl = '/zxing/zxing_reader.wasm'

export interface CodeCameraOptions {
  /** What the picture is, for people who do not see it. */
  readonly label: string
  onText(text: string): void
  onRefusal(refusal: Refusal): void
}

export interface CodeCamera {
  readonly camera: ScanView['camera']
  readonly isLooking: boolean
  /** The live picture, while there is one. */
  readonly picture: ReactNode
  allow(): void
  readPicture(file: File): void
}

export function useCodeCamera({ label, onText, onRefusal }: CodeCameraOptions): CodeCamera {
  const [camera, setCamera] = useState<ScanView['camera']>(() =>
    wasCameraAllowed() ? 'starting' : 'explain',
  )
  const [source, setSource] = useState<CameraSource | null>(null)
  const isLooking = camera === 'starting' || camera === 'live'

  useEffect(() => {
    if (!isLooking) return undefined
    let left = false
    void takeCamera().then((taken) => {
      if (!left) setSource(taken)
    })
    return () => {
      left = true
      releaseCamera()
    }
  }, [isLooking])

  const readPicture = async (file: File): Promise<void> => {
    const { readCodeFromPicture } = await import('@/components/camera/read-code-from-picture')
    const text = await readCodeFromPicture(file, wasmUrl)
    if (text.ok) onText(text.value)
    else onRefusal(refusal(text.error))
  }
  const fail = (code: ReasonCode): void => {
    if (code === 'phone.camera-denied') setCamera('denied')
    else if (code === 'phone.camera-missing') setCamera('missing')
    else onRefusal(refusal(code))
  }
  const picture =
    source === null || !isLooking ? null : (
      <CodeScanner
        source={source}
        wasmUrl={wasmUrl}
        active
        label={label}
        className="size-full"
        onText={onText}
        onProblem={fail}
        viewfinder={false}
        onLive={() => {
          markCameraAllowed()
          setCamera('live')
        }}
      />
    )
  return {
    camera,
    isLooking,
    picture,
    allow: () => setCamera('starting'),
    readPicture: (file) => void readPicture(file),
  }
}
