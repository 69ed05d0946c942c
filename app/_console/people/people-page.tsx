'use client'

/** Wires the page of people: who belongs to the organisation, which programs act for it, and the log of all of them. */

import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { PeopleScreen } from '@/components/console/people/people-screen'
import {
  auditTopics,
  type AuditTopic,
  type People,
  type Shown,
} from '@/components/console/people/people-view'
import { RefusalNotice } from '@/components/console/refusal-notice'
import { Spinner } from '@/components/ui/spinner'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { listApiKeys } from '@/lib/cloud/operations/organisation'
import type { Answer } from '../answer-store'
import { useConsole } from '../console-context'
import { useAnswer } from '../use-answer'
import { useNowS } from '../use-now'
import { useActLog } from './use-act-log'
import { usePeopleActs } from './use-people-acts'

type Keys = AnswerOf<typeof listApiKeys>

export function PeoplePage() {
  const t = useTranslations('consolePeople')
  const { may, name, kind } = useConsole()
  const nowS = useNowS()
  const query = useSearchParams()
  const topics = auditTopics[kind]
  const topic = topics.find((one) => one === query.get('log')) ?? ''
  const people = useAnswer<People>('/organisation/people')
  const mayReadKeys = may('api-key.read')
  const keys = useAnswer<Keys>(mayReadKeys ? '/organisation/api-keys' : null, 60_000)
  const [pages, setPages] = useState(1)
  const log = useActLog(may('audit.read'), topic, pages)
  const refresh = async (): Promise<void> => {
    await Promise.all([people.refresh(), keys.refresh(), log.refresh()])
  }
  const acting = usePeopleActs(refresh)
  const { answer } = people
  if (answer.kind === 'loading') return <Spinner awaited={t('loading')} usual={t('usual')} />
  if (answer.kind === 'failed') return <RefusalNotice refusal={answer.refusal} />
  return (
    <PeopleScreen
      view={{
        people: answer.value,
        keys: mayReadKeys ? shownKeys(keys.answer) : null,
        log: log.shown,
        topic,
        topics,
        may: {
          invite: may('invitation.create'),
          cancel: may('invitation.cancel'),
          changeRole: may('member.update'),
          remove: may('member.delete'),
          createKey: may('api-key.create'),
          revokeKey: may('api-key.revoke'),
        },
        organisation: name,
        asOfS: answer.asOfS,
        nowS: Math.max(nowS, answer.asOfS),
        isStale: answer.isStale,
        refusal: acting.refusal,
        dialog: acting.dialog,
      }}
      acts={{
        ...acting.acts,
        onTopic: (wanted: AuditTopic) => {
          setPages(1)
          window.history.replaceState(
            null,
            '',
            wanted === '' ? `/${kind}/people` : `/${kind}/people?log=${wanted}`,
          )
        },
        onOlder: () => setPages(pages + 1),
      }}
    />
  )
}

const shownKeys = (answer: Answer<Keys>): Shown<Keys['keys']> =>
  answer.kind === 'there' ? { kind: 'there', value: answer.value.keys } : answer
