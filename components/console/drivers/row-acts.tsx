/** What can be done with one row. Whoever was removed can only come back. */

import { useTranslations } from 'use-intl/react'
import { Button, buttonClass } from '@/components/ui/button'
import { giveTokenAddress, type RosterActs, type RosterSubject, type RosterView } from './drivers-view'

export interface RowActsProps {
  readonly subject: RosterSubject
  readonly isRemoved: boolean
  readonly may: RosterView['may']
  readonly acts: Pick<RosterActs, 'onRemove' | 'onRestore'>
  onChange(): void
}

export function RowActs({ subject, isRemoved, may, acts, onChange }: RowActsProps) {
  const t = useTranslations('consoleDrivers.row')
  const { name } = subject
  if (isRemoved)
    return (
      <Button
        kind="quiet"
        className="px-3! whitespace-nowrap"
        disabled={!may.change}
        aria-label={t('restoreOf', { name })}
        onClick={() => acts.onRestore(subject)}
      >
        {t('restore')}
      </Button>
    )
  return (
    <span className="inline-flex max-lg:flex-wrap">
      {may.issue ? (
        <a
          href={giveTokenAddress(subject)}
          aria-label={t('giveTo', { name })}
          className={`${buttonClass('quiet', false)} px-3! whitespace-nowrap`}
        >
          {t('give')}
        </a>
      ) : null}
      <Button
        kind="quiet"
        className="px-3! whitespace-nowrap"
        disabled={!may.change}
        aria-label={t('changeOf', { name })}
        onClick={onChange}
      >
        {t('change')}
      </Button>
      <Button
        kind="quiet"
        className="px-3! whitespace-nowrap"
        disabled={!may.change}
        aria-label={t('removeOf', { name })}
        onClick={() => acts.onRemove(subject)}
      >
        {t('remove')}
      </Button>
    </span>
  )
}
