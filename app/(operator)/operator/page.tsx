/** `/operator`: where the operator's console begins. */

import { redirect } from 'next/navigation'

export default function Page(): never {
  redirect('/operator/people')
}
