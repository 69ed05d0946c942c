'use client'

/** `/receipts`: every receipt on this phone. */

import { useRouter } from 'next/navigation'
import { ReceiptListScreen } from '@/components/driver/receipt-list-screen'
import { WithPhone } from '../_wallet/with-phone'

export function ReceiptsPage() {
  const router = useRouter()
  const acts = {
    onOpen: (sessionId: string) => router.push(`/receipts/view?id=${sessionId}`),
    onCharge: () => router.push('/charge'),
    onBack: () => router.push('/'),
  }
  return (
    <WithPhone opening={<ReceiptListScreen view={{ receipts: null, nowS: 0 }} {...acts} />}>
      {({ phone, nowS }) => <ReceiptListScreen view={phone.views.receiptList(phone.state, nowS)} {...acts} />}
    </WithPhone>
  )
}
