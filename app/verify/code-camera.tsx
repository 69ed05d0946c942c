'use client'

/** Looks through the camera for the code on a printed receipt or another screen. Loaded when somebody wants to. */

import { useEffect, useState } from 'react'
import { CodeScanner } from '@/components/camera/code-scanner'
import { deviceCameraSource } from '@/components/camera/device-camera-source'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { scannerUrl } from './read-file'

export interface CodeCameraProps {
  readonly label: string
  onText(text: string): void
  onProblem(code: ReasonCode): void
}

export default function CodeCamera({ label, onText, onProblem }: CodeCameraProps) {
  const [source] = useState(() => deviceCameraSource('environment'))
  useEffect(() => () => source.close(), [source])
  return (
    <CodeScanner
      source={source}
      wasmUrl={scannerUrl}
      active
      label={label}
      className="size-full"
      onText={onText}
      onProblem={onProblem}
    />
  )
}
