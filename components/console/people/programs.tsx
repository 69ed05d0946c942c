/** Keys by which programs act for the organisation. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { DataTable } from '../data-table'
import { RefusalNotice } from '../refusal-notice'
import { SectionHead } from '../section-head'
import type { ApiKey, PeopleActs, PeopleView, Shown } from './people-view'

export interface ProgramsProps {
  readonly view: PeopleView
  readonly keys: Shown<readonly ApiKey[]>
  readonly acts: PeopleActs
}

export function Programs({ view, keys, acts }: ProgramsProps) {
  const t = useTranslations('consolePeople.programs')
  const { may, asOfS, nowS } = view
  return (
    <section aria-labelledby="programs" className="mb-12">
      <SectionHead id="programs" title={t('title')} asOfS={asOfS} nowS={nowS}>
        <Button
          disabled={!may.createKey}
          onClick={() => acts.onOpen({ kind: 'create-key', progress: { kind: 'asking' } })}
        >
          {t('create')}
        </Button>
      </SectionHead>
      <p className="mb-3 text-note text-mute">{t('lead')}</p>
      {keys.kind === 'loading' ? <Spinner awaited={t('loading')} /> : null}
      {keys.kind === 'failed' ? <RefusalNotice refusal={keys.refusal} /> : null}
      {keys.kind === 'there' ? <Keys view={view} keys={keys.value} acts={acts} /> : null}
    </section>
  )
}

interface KeysProps {
  readonly view: PeopleView
  readonly keys: readonly ApiKey[]
  readonly acts: PeopleActs
}

function Keys({ view: { may, nowS }, keys, acts }: KeysProps) {
  const t = useTranslations('consolePeople.programs')
  const console = useTranslations('console')
  const format = useFormat()
  const stateOf = ({ revokedAtS, expiresAtS }: ApiKey): 'revoked' | 'ended' | 'live' => {
    if (revokedAtS !== null) return 'revoked'
    return expiresAtS <= nowS ? 'ended' : 'live'
  }
  return (
    <DataTable<ApiKey>
      caption={t('title')}
      rows={keys}
      empty={t('empty')}
      keyOf={({ keyId }) => keyId}
      columns={[
        {
          id: 'name',
          head: t('name'),
          isRowHead: true,
          cell: ({ name }) => <span className="font-bold">{name}</span>,
        },
        { id: 'role', head: t('role'), cell: ({ role }) => console(`roles.${role}`) },
        {
          id: 'state',
          head: t('state'),
          cell: (key) => t(`states.${stateOf(key)}`, { until: format.day(key.expiresAtS) }),
        },
        {
          id: 'used',
          head: t('used'),
          align: 'right',
          cell: ({ lastUsedAtS }) => (lastUsedAtS === null ? t('never') : format.moment(lastUsedAtS, nowS)),
        },
        {
          id: 'acts',
          head: t('acts'),
          align: 'right',
          cell: (key) => (
            <Button
              kind="quiet"
              className="px-3!"
              disabled={!may.revokeKey || stateOf(key) !== 'live'}
              aria-label={t('revokeOf', { name: key.name })}
              onClick={() => acts.onOpen({ kind: 'revoke-key', apiKey: key, progress: { kind: 'asking' } })}
            >
              {t('revoke')}
            </Button>
          ),
        },
      ]}
    />
  )
}
