/** The newest events by kind and time, and for the chosen one the proof that it stands in the log that the charger signs. */

import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { classNames } from '@/components/ui/class-names'
import { useFormat } from '@/lib/format/use-format'
import { VerdictMark } from './technician-parts'
import type { TechnicianEvents, TechnicianProof, TechnicianView } from './technician-view'

/** Kinds that have words; a newer one is shown by its own name. */
const kinds = [
  'boot',
  'accepted',
  'declined',
  'started',
  'metered',
  'stopping',
  'ended',
  'incident',
  'news',
  'bearer-accepted',
  'meter-records',
  'sealed',
  'technician-entered',
  'technician-acted',
  'card-let-in',
  'list-adopted',
  'site-command',
  'telemetry',
] as const

export function TechnicianLog({ view, onAct }: { readonly view: TechnicianView } & TechnicianEvents) {
  const t = useTranslations('kiosk.technician.log')
  const format = useFormat()
  const oldest = view.events.at(-1)
  const wordOf = (kind: string): string => {
    const known = kinds.find((one) => one === kind)
    return known === undefined ? kind : t(`kinds.${known}`)
  }
  return (
    <div className="technician-pair h-full content-start" data-upright="one">
      <ul className="flex flex-col gap-y-[calc(var(--u)*4)]">
        {view.events.map(({ seq, kind, timeS, isSent }) => (
          <li key={seq}>
            <button
              type="button"
              aria-pressed={view.proof?.seq === seq}
              onClick={() => onAct({ kind: 'prove', seq })}
              className={classNames(
                'flex min-h-[calc(var(--u)*72)] w-full cursor-pointer items-center gap-x-4 rounded-card border px-4 text-left leading-[1.2]',
                view.proof?.seq === seq ? 'border-ink bg-card' : 'border-edge bg-card',
              )}
            >
              <span className="shrink-0 font-bold tabular">{seq}</span>
              <span className="min-w-0 flex-1 truncate">{wordOf(kind)}</span>
              <span className="shrink-0 text-right text-mute tabular">
                {timeS === null ? '–' : format.clock(timeS)}
                <span className="block">{t(isSent ? 'sent' : 'waiting')}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className="flex min-h-0 flex-col gap-y-4">
        <div className="flex gap-x-3">
          <Button
            className="flex-1"
            disabled={!view.hasOlder || oldest === undefined}
            onClick={() => onAct({ kind: 'older', before: oldest?.seq ?? 0 })}
          >
            {t('older')}
          </Button>
          <Button className="flex-1" disabled={!view.hasNewer} onClick={() => onAct({ kind: 'newest' })}>
            {t('newest')}
          </Button>
        </div>
        {view.proof === null ? <p className="text-mute">{t('choose')}</p> : <Proof proof={view.proof} />}
      </div>
    </div>
  )
}

function Proof({ proof }: { readonly proof: TechnicianProof }) {
  const t = useTranslations('kiosk.technician.log')
  const format = useFormat()
  const { verdict, seq, size, steps, checkpointS, leaf, root } = proof
  return (
    <div role="status" className="flex gap-x-4">
      <VerdictMark verdict={verdict === 'fits' ? 'good' : verdict === 'gone' ? 'doubtful' : 'bad'} />
      <div className="min-w-0">
        <p className="font-bold">{t(`proof.${verdict}`, { seq })}</p>
        <p className="text-mute">{t('proof.how', { size, steps, at: format.clock(checkpointS) })}</p>
        {leaf === '' ? null : (
          <p className="text-mute tabular">
            {t('proof.hashes', { leaf: leaf.slice(0, 12), root: root.slice(0, 12) })}
          </p>
        )}
      </div>
    </div>
  )
}
