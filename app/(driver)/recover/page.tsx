import type { Metadata } from 'next'
import { RecoverPage } from './recover-page'

export const metadata: Metadata = { title: 'Recover your account' }

export default function Page() {
  return <RecoverPage />
}
