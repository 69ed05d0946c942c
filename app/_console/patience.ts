/** How long to wait for somebody who says nothing: a limit between two signs of life, however long all of it takes. */

export interface Patience {
  /** Aborts once nothing was heard for too long. */
  readonly signal: AbortSignal
  heard(): void
  /** Nobody waits any more. */
  end(): void
}

export function patienceOf(silenceMs: number): Patience {
  const giving = new AbortController()
  const giveUp = (): void => giving.abort()
  let timer = setTimeout(giveUp, silenceMs)
  return {
    signal: giving.signal,
    heard: () => {
      clearTimeout(timer)
      timer = setTimeout(giveUp, silenceMs)
    },
    end: () => clearTimeout(timer),
  }
}

/** Rejects when the answer breaks off, or falls silent for too long. */
export async function readWhole(response: Response, { signal, heard }: Patience): Promise<Blob> {
  const type = response.headers.get('content-type') ?? ''
  const pieces: Uint8Array<ArrayBuffer>[] = []
  const reader = response.body?.getReader()
  const stop = (): void => void reader?.cancel().catch(() => undefined)
  signal.addEventListener('abort', stop)
  try {
    for (;;) {
      const read = await reader?.read()
      if (read === undefined || read.done) break
      heard()
      pieces.push(read.value)
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
  signal.throwIfAborted()
  return new Blob(pieces, { type })
}
