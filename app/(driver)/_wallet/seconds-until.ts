/** A countdown by the second, which ends by itself. */

import { useEffect, useState } from 'react'

const left = (untilMs: number): number => Math.max(0, Math.ceil((untilMs - Date.now()) / 1_000))

export function useSecondsUntil(untilMs: number): number {
  const [, tick] = useState(0)
  useEffect(() => {
    if (left(untilMs) === 0) return
    const timer = setInterval(() => {
      tick((count) => count + 1)
      if (left(untilMs) === 0) clearInterval(timer)
    }, 1_000)
    return () => clearInterval(timer)
  }, [untilMs])
  return untilMs === 0 ? 0 : left(untilMs)
}
