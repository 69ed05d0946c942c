/** The signed messages, each to be opened: who signed it, every field with its unit, and the bytes to take away. */

import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { useFormat } from '@/lib/format/use-format'
import type { Evidence } from './sessions-view'

type Piece = Evidence['pieces'][number]
type PieceField = Piece['fields'][number]

export interface EvidencePiecesProps {
  readonly pieces: readonly Piece[]
  readonly currency: string
  onSave(name: string, bytes: string): void
}

export function EvidencePieces({ pieces, currency, onSave }: EvidencePiecesProps) {
  const t = useTranslations('consoleSessions.evidence')
  if (pieces.length === 0) return <p className="text-mute">{t('piecesNone')}</p>
  return (
    <div className="divide-y divide-line border-y border-line">
      {pieces.map((piece) => (
        <details key={`${piece.name} ${piece.hash}`}>
          <summary className="flex min-h-target cursor-pointer flex-wrap items-center gap-x-4 py-2">
            <span className="font-bold">{t(`piece.${piece.name}`)}</span>
            <Signature piece={piece} />
          </summary>
          <div className="max-w-measure pb-4">
            <Fields piece={piece} currency={currency} />
            <Button
              kind="quiet"
              className="-ml-6"
              onClick={() => onSave(`${piece.name}-${piece.hash.slice(0, 8)}.cbor`, piece.bytes)}
            >
              {t('file')}
            </Button>
          </div>
        </details>
      ))}
    </div>
  )
}

function Signature({ piece: { signer, isRight } }: { readonly piece: Piece }) {
  const t = useTranslations('consoleSessions.evidence')
  const Icon = isRight ? CircleCheck : CircleAlert
  return (
    <span className="flex items-center gap-1.5 text-note">
      <Icon
        className={`size-[1.1em] ${isRight ? 'text-good' : 'text-bad'}`}
        strokeWidth={1.75}
        aria-hidden="true"
      />
      {t(isRight ? 'right' : 'wrong')} · {t('signedBy', { who: t(`who.${signer}`) })}
    </span>
  )
}

function Fields({ piece, currency }: { readonly piece: Piece; readonly currency: string }) {
  const t = useTranslations('consoleSessions.evidence')
  const shown = useShown(currency)
  const nameOf = (name: string): string => {
    const leaf = name.split('.').at(-1) ?? name
    return t.has(`field.${leaf}` as 'field.timeS') ? t(`field.${leaf}` as 'field.timeS') : name
  }
  return (
    <DefinitionRows
      rows={[
        { name: t('hash'), value: piece.hash, breakAll: true },
        ...piece.fields.map((field) => ({
          name: nameOf(field.name),
          value: shown(field),
          breakAll: field.kind === 'id',
        })),
      ]}
    />
  )
}

function useShown(currency: string): (field: PieceField) => string {
  const format = useFormat()
  return ({ kind, value }) => {
    if (typeof value === 'string') return value === '' ? '–' : value
    switch (kind) {
      case 'money':
        return format.money(value, currency)
      case 'rate':
        return format.rate(value, currency)
      case 'energy':
        return format.energyExact(value)
      case 'time':
        return format.timestamp(value)
      case 'duration':
        return format.duration(value)
      case 'percent':
        return format.percent(value)
      default:
        return String(value)
    }
  }
}
