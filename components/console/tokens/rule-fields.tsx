/** The rules of a token as they are typed: limits first, what few need folded away. */

import { useTranslations } from 'use-intl/react'
import { Field } from '@/components/ui/field'
import { SelectField } from '@/components/ui/select-field'
import { HolderField } from './holder-field'
import type { RuleDraft } from './rule-draft'
import type { HolderKind, Holders, TokenTerms } from './tokens-view'

export interface RuleFieldsProps {
  readonly draft: RuleDraft
  readonly currency: string
  readonly sites: TokenTerms['sites']
  readonly holders: Holders
  /** Left out where the driver is asked for elsewhere. */
  readonly asksDriver?: boolean
  readonly disabled: boolean
  onFind(kind: HolderKind, text: string): void
  onDraft(change: Partial<RuleDraft>): void
}

const classes = Array.from({ length: 16 }, (_, index) => index)
const sitesMost = 8

export function RuleFields(props: RuleFieldsProps) {
  const { draft, currency, disabled, holders, asksDriver = false, onFind, onDraft } = props
  const shared = { disabled, onFind }
  const t = useTranslations('consoleTokens.rules')
  const amount = (name: 'session' | 'day' | 'month') => (
    <Field
      label={t(name, { currency })}
      type="number"
      inputMode="decimal"
      min={0}
      step="any"
      value={draft[name]}
      disabled={disabled}
      placeholder={name === 'session' ? undefined : t('none')}
      required={name === 'session'}
      onChange={(event) => onDraft({ [name]: event.target.value })}
    />
  )
  return (
    <>
      {asksDriver ? (
        <HolderField
          {...shared}
          kind="drivers"
          chosen={draft.driver}
          found={holders.drivers}
          onChoose={(driver) => onDraft({ driver })}
        />
      ) : null}
      <HolderField
        {...shared}
        kind="vehicles"
        chosen={draft.vehicle}
        found={holders.vehicles}
        onChoose={(vehicle) =>
          onDraft({
            vehicle,
            ...(vehicle?.vehicleClass === undefined ? {} : { vehicleClass: String(vehicle.vehicleClass) }),
          })
        }
      />
      {amount('session')}
      <details className="border-y border-line">
        <summary className="min-h-target cursor-pointer py-3 font-bold">{t('more')}</summary>
        <div className="flex flex-col gap-5 pb-4">
          <div className="grid gap-5 sm:grid-cols-2">
            {amount('day')}
            {amount('month')}
          </div>
          <div className="grid gap-5 sm:grid-cols-2">
            <Field
              label={t('from')}
              type="time"
              value={draft.from}
              disabled={disabled}
              onChange={(event) => onDraft({ from: event.target.value })}
            />
            <Field
              label={t('to')}
              type="time"
              value={draft.to}
              disabled={disabled}
              onChange={(event) => onDraft({ to: event.target.value })}
            />
          </div>
          <p className="text-note text-mute">{t('hoursHint')}</p>
          <Field
            label={t('power')}
            hint={t('powerHint')}
            type="number"
            inputMode="decimal"
            min={0.1}
            max={4_000}
            step="any"
            placeholder={t('none')}
            value={draft.powerKw}
            disabled={disabled}
            onChange={(event) => onDraft({ powerKw: event.target.value })}
          />
          <SelectField
            label={t('class')}
            value={draft.vehicleClass}
            options={classes.map((index) => ({
              value: String(index),
              label: index === 0 ? t('classUsual') : t('classOf', { index }),
            }))}
            onChange={(vehicleClass) => onDraft({ vehicleClass })}
          />
          <Sites {...props} />
        </div>
      </details>
    </>
  )
}

function Sites({ draft, sites, disabled, onDraft }: RuleFieldsProps) {
  const t = useTranslations('consoleTokens.rules')
  const isFull = draft.sites.length >= sitesMost
  return (
    <fieldset disabled={disabled} className="min-w-0">
      <legend className="mb-2 font-bold">{t('sites')}</legend>
      <p className="mb-2 text-note text-mute">{t('sitesHint', { count: sitesMost })}</p>
      <div
        className="max-h-48 overflow-y-auto border-y border-line"
        tabIndex={0}
        role="group"
        aria-label={t('sites')}
      >
        {sites.map(({ siteId, label }) => {
          const isChosen = draft.sites.includes(siteId)
          return (
            <label key={siteId} className="flex min-h-target cursor-pointer items-center gap-3 py-1">
              <input
                type="checkbox"
                className="size-5 shrink-0 accent-ink"
                checked={isChosen}
                disabled={isFull && !isChosen}
                onChange={() =>
                  onDraft({
                    sites: isChosen ? draft.sites.filter((one) => one !== siteId) : [...draft.sites, siteId],
                  })
                }
              />
              {label}
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}
