/** A secret that is shown this once: to be copied, or read by a phone. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { QrCode } from '@/components/ui/qr-code'

export interface ShownOnceProps {
  readonly title: string
  readonly lead: string
  readonly text: string
  /** What the picture is; null where there is none. */
  readonly qrLabel: string | null
  readonly note: string
  onCopy(text: string): void
  onClose(): void
}

export function ShownOnce({ title, lead, text, qrLabel, note, onCopy, onClose }: ShownOnceProps) {
  const common = useTranslations('common')
  const [copied, setCopied] = useState(false)
  return (
    <Dialog open form="dialog" title={title} closeLabel={common('close')} onClose={onClose}>
      <div className="flex flex-col gap-5">
        <p>{lead}</p>
        {qrLabel === null ? null : <QrCode text={text} label={qrLabel} className="mx-auto w-full max-w-72" />}
        <p className="font-bold break-all">{text}</p>
        <p className="text-note text-mute">{note}</p>
        <Button
          wide
          onClick={() => {
            onCopy(text)
            setCopied(true)
          }}
        >
          {common(copied ? 'copied' : 'copy')}
        </Button>
        <Button kind="primary" wide onClick={onClose}>
          {common('done')}
        </Button>
      </div>
    </Dialog>
  )
}
