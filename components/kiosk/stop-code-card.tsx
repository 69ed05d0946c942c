/** The stop code, shown for one minute after the start and never again. */

import { useTranslations } from 'use-intl'

export function StopCodeCard({ code }: { readonly code: string }) {
  const t = useTranslations('kiosk.stopCode')
  return (
    <div className="border-t border-line pt-4">
      <p className="text-mute">{t('label')}</p>
      {/* In two groups of three it is easier to keep in mind; copied or read aloud it stays six digits. */}
      <p
        aria-label={code.split('').join(' ')}
        className="text-[length:var(--text-words)] leading-[1.1] font-bold tracking-[0.04em] tabular"
      >
        <span>{code.slice(0, 3)}</span>
        <span className="ml-[0.35em]">{code.slice(3)}</span>
      </p>
      <p className="text-note text-mute">{t('note')}</p>
    </div>
  )
}
