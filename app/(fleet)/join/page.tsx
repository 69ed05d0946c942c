/** `/join#CODE`: where the link of an invitation leads. The door of the console asks for the name; then it opens. */

import type { Metadata } from 'next'
import { JoinedPage } from '../../_console/joined-page'

export const metadata: Metadata = { title: 'Join' }

export default function Page() {
  return <JoinedPage home="/fleet" />
}
