/** How far an act is that a page asked for. */

import type { Refusal } from '@/lib/core/reason'

export type Progress =
  | { readonly kind: 'asking' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
