/** How the charger is: one line for each part of it, the worst never hidden behind a page. */

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { reasonText } from '@/lib/format/reason-text'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { useFormat } from '@/lib/format/use-format'
import { Pager, Titled, VerdictMark } from './technician-parts'
import type { TechnicianLine, TechnicianView } from './technician-view'

const linesOnPage = 6
const worstFirst = { bad: 0, doubtful: 1, good: 2 } as const

export function TechnicianHealth({ view }: { readonly view: TechnicianView }) {
  const [page, setPage] = useState(0)
  const lines = view.health.toSorted((a, b) => worstFirst[a.verdict] - worstFirst[b.verdict])
  const pages = Math.max(1, Math.ceil(lines.length / linesOnPage))
  const shown = Math.min(page, pages - 1)
  return (
    <div className="flex h-full flex-col justify-between gap-y-3">
      <ul className="technician-pair" data-upright="one">
        {lines.slice(shown * linesOnPage, (shown + 1) * linesOnPage).map((line) => (
          <li key={`${line.check} ${line.facts['identity'] ?? ''}`} className="flex gap-x-4">
            <VerdictMark verdict={line.verdict} />
            <HealthLine line={line} />
          </li>
        ))}
      </ul>
      <Pager page={shown} pages={pages} onPage={setPage} />
    </div>
  )
}

/** Times among the facts end in S, and 0 is “not yet”. */
function HealthLine({ line: { check, verdict, facts } }: { readonly line: TechnicianLine }) {
  const t = useTranslations('kiosk.technician.health')
  const translate = useTranslations('reasons')
  const format = useFormat()
  const values = Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      name.endsWith('S') && typeof value === 'number' ? (value === 0 ? '–' : format.timestamp(value)) : value,
    ]),
  )
  const reason = check === 'sales' ? String(facts['reason'] ?? '') : ''
  const words =
    reason === ''
      ? t(`${check}.facts`, { verdict, ...values })
      : reasonText({ code: reason as ReasonCode }, translate).title
  return <Titled title={t(`${check}.title`, values)}>{words}</Titled>
}
