/** Names on the left, figures on the right. A long figure goes under its name rather than off the page. */

import type { ReactNode } from 'react'
import { classNames } from './class-names'

export interface DefinitionRow {
  readonly name: ReactNode
  readonly value: ReactNode
  /** Under the name. */
  readonly note?: ReactNode
  /** The row that counts: a total. */
  readonly strong?: boolean
  /** Identifiers and hashes: may break anywhere. */
  readonly breakAll?: boolean
}

export function DefinitionRows({ rows }: { readonly rows: readonly DefinitionRow[] }) {
  return (
    <dl className="divide-y divide-line border-y border-line">
      {rows.map((row, index) => (
        <div
          key={index}
          className={classNames(
            'flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 py-2',
            row.strong === true && 'border-t-2 border-t-ink! text-lead font-bold',
          )}
        >
          <dt className={row.strong === true ? '' : 'text-mute'}>
            {row.name}
            {row.note === undefined ? null : <span className="block text-note">{row.note}</span>}
          </dt>
          <dd className={classNames('ml-auto text-right tabular', row.breakAll === true && 'break-all')}>
            {row.value}
          </dd>
        </div>
      ))}
    </dl>
  )
}
