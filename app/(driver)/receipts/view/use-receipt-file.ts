/** Sharing, saving and linking one receipt. All of it is made on the phone and works without signal. */

import { useState, useSyncExternalStore } from 'react'
import { useLocale } from 'use-intl'
import { useTranslations } from 'use-intl/react'
import { useLineNote } from '@/components/driver/receipt-lines'
import type { ReceiptView } from '@/components/driver/receipt-view'
import { useFormat } from '@/lib/format/use-format'
import { copyText } from '../../_wallet/keep-text'
import { canShareFile, saveFile } from '../../_wallet/save-file'

const type = 'application/pdf'
const subscribeToNothing = () => () => undefined
const browserShares = (): boolean => typeof navigator.share === 'function'

export interface ReceiptFile {
  readonly share: (() => void) | null
  save(): void
  copyLink(): void
  readonly linkCopied: boolean
}

export function useReceiptFile(view: ReceiptView, proofText: string): ReceiptFile {
  const canShare = useSyncExternalStore(subscribeToNothing, browserShares, () => false)
  const [linkCopied, setLinkCopied] = useState(false)
  const language = useLocale()
  const receipt = useTranslations('receipt')
  const driver = useTranslations('driver.receipt')
  const format = useFormat()
  const lineNote = useLineNote(view.facts)
  const { facts } = view
  const name = `outpost-${driver('fileName')}-${facts.chargerId}-${facts.receiptNumber}.pdf`.toLowerCase()
  // What stands behind # never leaves the browser that opens the link.
  const linkOf = (): string => `${window.location.origin}/verify#${proofText}`

  const make = async (): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    const { makeReceiptPaper } = await import('./receipt-paper')
    const words = { language, receipt, driver, format, lineNote }
    return makeReceiptPaper(view, { text: proofText, link: linkOf() }, words)
  }
  const save = async (): Promise<void> => {
    const file = await make()
    if (file !== undefined) saveFile(name, file, type)
  }
  const share = async (): Promise<void> => {
    const link = linkOf()
    const amount = format.money(facts.totalMinor, facts.currency)
    const text = driver('shareText', { amount, site: facts.siteLabel, link })
    const file = canShareFile(name, type) ? await make() : undefined
    try {
      await navigator.share(
        file === undefined
          ? { title: 'Outpost', url: link }
          : { title: 'Outpost', text, files: [new File([file], name, { type })] },
      )
    } catch {
      // The person closed the sheet.
    }
  }
  return {
    share: canShare ? () => void share() : null,
    save: () => void save(),
    copyLink: () => void copyText(linkOf()).then(setLinkCopied),
    linkCopied,
  }
}
