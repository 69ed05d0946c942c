'use client'
/** The camera's picture with a calm viewfinder, which reads codes as long as it is active. */

import { useEffect, useEffectEvent, useRef } from 'react'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { CameraSource } from './camera-source'
import { loadCodeReader } from './read-code'
import { startScanLoop } from './scan-loop'

export interface CodeScannerProps {
  readonly source: CameraSource
  /** Address of zxing_reader.wasm, served by the app itself. */
  readonly wasmUrl: string
  readonly active: boolean
  /** What the picture is, for people who do not see it. */
  readonly label: string
  readonly onText: (text: string) => void
  /** `phone.camera-denied`, `phone.camera-missing`, or `phone.scanner` when the decoder cannot load. */
  readonly onProblem: (code: ReasonCode) => void
  /** The picture has begun to move. */
  readonly onLive?: () => void
  /** False where the caller draws its own frame. */
  readonly viewfinder?: boolean
  /** A person who sees their own hand moves it the right way only in a mirror. */
  readonly mirrored?: boolean
  readonly className?: string
}

export function CodeScanner(props: CodeScannerProps) {
  const { source, wasmUrl, active, label, viewfinder = true, mirrored = false, className = '' } = props
  const videoRef = useRef<HTMLVideoElement>(null)
  const onText = useEffectEvent(props.onText)
  const onProblem = useEffectEvent(props.onProblem)
  const onLive = useEffectEvent(() => props.onLive?.())

  useEffect(() => {
    const video = videoRef.current
    if (video === null || !active) return
    let stopLoop: (() => void) | undefined
    let left = false
    void (async () => {
      const stream = await source.open()
      if (left) return
      if (!stream.ok) {
        onProblem(stream.error)
        return
      }
      video.srcObject = stream.value
      await video.play().catch(() => undefined)
      if (left) return
      onLive()
      try {
        const read = await loadCodeReader({ url: wasmUrl })
        if (!left) stopLoop = startScanLoop(video, read, (text) => onText(text))
      } catch {
        if (!left) onProblem('phone.scanner')
      }
    })()
    return () => {
      left = true
      stopLoop?.()
      video.srcObject = null
    }
  }, [source, wasmUrl, active])

  return (
    <div className={`relative overflow-hidden bg-[#0d1311] ${className}`}>
      <video
        ref={videoRef}
        aria-label={label}
        autoPlay
        muted
        playsInline
        className={`absolute inset-0 h-full w-full object-cover ${mirrored ? '-scale-x-100' : ''}`}
      />
      {viewfinder ? <Viewfinder /> : null}
    </div>
  )
}

/** Four corners that say "here", drawn light on a dark edge so that they stand on any picture. */
function Viewfinder() {
  const corners =
    'M4 24V10a6 6 0 0 1 6-6h14M76 4h14a6 6 0 0 1 6 6v14M96 76v14a6 6 0 0 1-6 6H76M24 96H10a6 6 0 0 1-6-6V76'
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 100 100"
      fill="none"
      strokeLinecap="round"
      className="pointer-events-none absolute inset-0 m-auto h-[76%] max-w-[76%]"
    >
      <path d={corners} stroke="#0d1311" strokeOpacity="0.55" strokeWidth="4.5" />
      <path d={corners} stroke="#faf8f2" strokeWidth="2" />
    </svg>
  )
}
