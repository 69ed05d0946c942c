/** The first session as lines for the terminal. */

import { createTranslator } from 'use-intl/core'
import { formatEnergy } from '@/lib/format/energy'
import { formatMoney } from '@/lib/format/money'
import { reasonText } from '@/lib/format/reason-text'
import { en } from '@/lib/format/messages/en'
import type { SessionFigures } from './figures'

const nameWidth = 16

export function sessionLines(figures: SessionFigures): readonly string[] {
  const { codes, currency } = figures
  const money = (amountMinor: number): string => formatMoney('en', amountMinor, currency)
  const row = (name: string, text: string): string => `  ${name.padEnd(nameWidth)}${text}`
  const words = reasonText(
    figures.tamperedRefusal,
    createTranslator({ locale: 'en', messages: en, namespace: 'reasons' }),
  )
  const minutes = Math.round(figures.durationS / 60)
  return [
    '',
    '  One session without a network, through the real code:',
    '',
    row('grant', `${figures.grantBytes} bytes, fetched before`),
    ...codes.map(({ name, bytes, qrVersion }) => row(name, `${bytes} bytes, QR version ${qrVersion}`)),
    '',
    row('charged', `${formatEnergy('en', figures.energyWh)} in ${minutes} minutes`),
    row(
      'money',
      `${money(figures.totalMinor)} of ${money(figures.heldMinor)} held; ${money(figures.releasedMinor)} released by the receipt`,
    ),
    row('tampered copy', `refused: ${words.title} ${words.moneyText} (${words.code})`),
    row('phone reports', `${money(figures.settledByPhoneMinor)} settled`),
    row('charger reports', `${money(figures.settledByBothMinor)} settled; the same session is counted once`),
    row('ledger', `${figures.transfers} transfers, imbalance ${money(figures.imbalanceMinor)}`),
    '',
  ]
}
