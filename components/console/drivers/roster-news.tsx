/** What was just done, and the way back. The focus goes there: the row that was pressed is gone. */

import { useCallback } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { tokensAddress, type RosterActs, type RosterNews } from './drivers-view'

export interface RosterNewsNoticeProps {
  readonly news: RosterNews
  readonly acts: Pick<RosterActs, 'onRemove' | 'onRestore'>
}

export function RosterNewsNotice({ news, acts }: RosterNewsNoticeProps) {
  const t = useTranslations('consoleDrivers.news')
  const { subject } = news
  const focus = useCallback((button: HTMLButtonElement | null) => button?.focus({ preventScroll: true }), [])
  const tokens = news.kind === 'removed' ? news.tokens : 0
  return (
    <Notice
      tone={tokens > 0 ? 'offline' : 'good'}
      title={t(news.kind, { name: subject.name })}
      {...(tokens > 0 ? { money: t('tokens', { count: tokens }) } : {})}
      action={
        <span className="mt-2 flex flex-wrap items-center gap-3">
          <Button
            ref={focus}
            onClick={() => (news.kind === 'removed' ? acts.onRestore(subject) : acts.onRemove(subject))}
          >
            {t('undo')}
          </Button>
          {tokens > 0 ? (
            <a
              href={tokensAddress(subject)}
              className="inline-flex min-h-target items-center text-ink underline underline-offset-4"
            >
              {t('withdraw')}
            </a>
          ) : null}
        </span>
      }
    />
  )
}
