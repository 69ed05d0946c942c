'use client'

/** Wires the evidence of one session to its requests. */

import { useRouter, useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { RefusalNotice } from '@/components/console/refusal-notice'
import { EvidenceScreen } from '@/components/console/sessions/evidence-screen'
import type { DisputeOrder, Evidence } from '@/components/console/sessions/sessions-view'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { fromBase64Url } from '@/lib/core/bytes'
import { saveFile } from '../../../../(driver)/_wallet/save-file'
import { ask } from '../../../../_console/ask'
import { useConsole } from '../../../../_console/console-context'
import { useAct } from '../../../../_console/use-act'
import { useAnswer } from '../../../../_console/use-answer'
import { useNowS } from '../../../../_console/use-now'
import { isSessionId } from '../session-query'

export function EvidencePage() {
  const t = useTranslations('consoleSessions.evidence')
  const sessionId = useSearchParams().get('id')
  return isSessionId(sessionId) ? (
    <OneSession key={sessionId} sessionId={sessionId} />
  ) : (
    <Notice tone="plain" title={t('missing')} />
  )
}

/** Checking everything anew costs the server a while: more seldom than a list. */
const everyMs = 60_000

function OneSession({ sessionId }: { readonly sessionId: string }) {
  const t = useTranslations('consoleSessions')
  const { may } = useConsole()
  const router = useRouter()
  const path = `/fleet/sessions/${sessionId}`
  const { answer, refresh } = useAnswer<Evidence>(path, everyMs)
  const dispute = useAct((order: DisputeOrder) => ask<{ caseId: string }>(`${path}/dispute`, order))
  const [isAsking, setIsAsking] = useState(false)
  const nowS = useNowS()
  if (answer.kind === 'loading') return <Spinner awaited={t('loading')} usual={t('loadingUsual')} />
  if (answer.kind === 'failed') return <RefusalNotice refusal={answer.refusal} />
  const send = async (order: DisputeOrder): Promise<void> => {
    if ((await dispute.run(order)) === undefined) return
    setIsAsking(false)
    await refresh()
  }
  return (
    <EvidenceScreen
      view={{
        evidence: answer.value,
        mayDispute: may('case.open'),
        disputing: dispute.progress,
        isAsking,
        asOfS: answer.asOfS,
        nowS: Math.max(nowS, answer.asOfS),
        isStale: answer.isStale,
      }}
      acts={{
        onBack: () => router.push('/fleet/sessions'),
        onSaveBytes: (name, bytes) =>
          saveFile(name, fromBase64Url(bytes) ?? new Uint8Array(), 'application/octet-stream'),
        onSaveAll: () =>
          saveFile(
            `outpost-session-${sessionId.slice(0, 8)}.json`,
            JSON.stringify(answer.value, null, 2),
            'application/json',
          ),
        onAsk: (asking) => {
          dispute.reset()
          setIsAsking(asking)
        },
        onDispute: (order) => void send(order),
      }}
    />
  )
}
