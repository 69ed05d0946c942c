'use client'

/** Whoever has joined, or came without a code, goes on to the console. */

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { useTranslations } from 'use-intl/react'
import { Spinner } from '@/components/ui/spinner'

export function JoinedPage({ home }: { readonly home: '/fleet' | '/operator' }) {
  const router = useRouter()
  const t = useTranslations('console.door')
  useEffect(() => router.replace(home), [router, home])
  return <Spinner awaited={t('loading')} />
}
