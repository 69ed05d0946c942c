/** `/operator/join#CODE`: where an invitation of the operator leads. The door asks for the name; then the console opens. */

import type { Metadata } from 'next'
import { JoinedPage } from '../../../_console/joined-page'

export const metadata: Metadata = { title: 'Join' }

export default function Page() {
  return <JoinedPage home="/operator" />
}
