/** The answer in one word, with its picture, and what it rests on. */

import CircleHelp from 'lucide-react/icons/circle-question-mark'
import FlaskConical from 'lucide-react/icons/flask-conical'
import ShieldCheck from 'lucide-react/icons/shield-check'
import ShieldX from 'lucide-react/icons/shield-x'
import { useTranslations } from 'use-intl/react'
import { reasons } from '@/lib/core/reason-codes'
import type { CheckedReceipt, Verdict } from './verify-view'

const looks = {
  genuine: { Icon: ShieldCheck, ink: 'text-good', edge: 'border-l-good' },
  sample: { Icon: FlaskConical, ink: 'text-offline', edge: 'border-l-offline border-dashed' },
  unknown: { Icon: CircleHelp, ink: 'text-offline', edge: 'border-l-offline' },
  refused: { Icon: ShieldX, ink: 'text-bad', edge: 'border-l-bad' },
} as const satisfies Record<Verdict, { Icon: unknown; ink: string; edge: string }>

export function VerdictPart({ view }: { readonly view: CheckedReceipt }) {
  const t = useTranslations('verify')
  const common = useTranslations('common')
  const { verdict, fault, facts } = view
  const { Icon, ink, edge } = looks[verdict]
  return (
    <section role="status" className={`arrive border-l-4 pl-5 ${edge}`}>
      <Icon className={`size-12 ${ink}`} strokeWidth={1.75} aria-hidden="true" />
      <h1 className="mt-3 text-title">{t(`verdict.${verdict}.title`)}</h1>
      {verdict === 'refused' ? (
        <>
          {fault === null ? null : <p className="mt-2 text-lead">{t(`fault.${fault.check}`)}</p>}
          <p className="mt-2">{t('faultAction')}</p>
          {fault === null ? null : (
            <p className="mt-3 text-note text-mute tabular">
              {common('code', { code: reasons[fault.code].code })}
            </p>
          )}
        </>
      ) : (
        <p className="mt-2 text-lead">{t(`verdict.${verdict}.note`, { operator: facts.operatorName })}</p>
      )}
      {verdict === 'unknown' && !view.keysAreKnown ? <p className="mt-2">{t('trust.missing')}</p> : null}
    </section>
  )
}
