import type { Metadata } from 'next'
import { InstallPage } from './install-page'

export const metadata: Metadata = { title: 'Install' }

export default function Page() {
  return <InstallPage />
}
