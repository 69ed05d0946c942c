/** The stop code, shown for one minute after the start and never again. */

import { useTranslations } from 'use-intl'

export function StopCodeCard({ code }: { readonly code: string }) {
  const t = useTranslations('kiosk.stopCode')
  return (
    <div className="flex items-end gap-x-7 border-t border-line pt-3">
      <div>
        <p className="whitespace-nowrap text-mute">{t('label')}</p>
        {/* In two groups of three it is easier to keep in mind; read aloud it stays six digits. */}
        <p
          aria-label={code.split('').join(' ')}
          className="text-[length:var(--text-words)] leading-[1.25] font-bold whitespace-nowrap tabular"
        >
          <span>{code.slice(0, 3)}</span>
          <span className="ml-[0.3em]">{code.slice(3)}</span>
        </p>
      </div>
      <p className="kiosk-spare min-w-0 flex-1 pb-2 text-note leading-[1.25] text-pretty text-mute">
        {t('note')}
      </p>
    </div>
  )
}
