/** Reads a code: explains before the browser asks for the camera, and has ways out when there is none. */

import type { ReactNode } from 'react'
import type { Refusal } from '@/lib/core/reason'

/** What the driver is about to scan; only the words differ. */
export type ScanPurpose = 'offer' | 'answer' | 'status' | 'receipt'

export interface ScanView {
  readonly purpose: ScanPurpose
  readonly camera: 'explain' | 'starting' | 'live' | 'denied' | 'missing'
  /** Why the last code was not taken; the camera goes on looking. */
  readonly refusal: Refusal | null
  /** For codes of several frames. */
  readonly progress: { readonly have: number; readonly need: number } | null
}

export interface ScanProps {
  view: ScanView
  /** The camera's picture, mounted from `starting` on. It fills its parent. */
  children?: ReactNode
  /** The driver has read why: now the browser may ask. */
  onAllowCamera(): void
  onPaste(text: string): void
  onPicture(file: File): void
  onBack(): void
}
