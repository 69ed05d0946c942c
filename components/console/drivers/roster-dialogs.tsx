/** The questions of the page: who a driver is, which vehicle it is. */

import { useState, type ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { SelectField } from '@/components/ui/select-field'
import type { Progress } from '../progress'
import { RefusalNotice } from '../refusal-notice'
import type { Driver, RosterActs, RosterDialog, Vehicle } from './drivers-view'
import { useVehicleClass } from './vehicle-list'

export interface RosterDialogsProps {
  readonly dialog: RosterDialog
  readonly acts: RosterActs
}

export function RosterDialogs({ dialog, acts }: RosterDialogsProps) {
  switch (dialog.kind) {
    case 'none':
      return null
    case 'driver':
      return <DriverQuestion {...dialog} acts={acts} />
    case 'vehicle':
      return <VehicleQuestion {...dialog} acts={acts} />
  }
}

interface QuestionProps {
  readonly title: string
  readonly act: string
  readonly isWhole: boolean
  readonly progress: Progress
  readonly children: ReactNode
  onAct(): void
  onClose(): void
}

function Question({ title, act, isWhole, progress, children, onAct, onClose }: QuestionProps) {
  const common = useTranslations('common')
  return (
    <Dialog open form="dialog" title={title} closeLabel={common('close')} onClose={onClose}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (isWhole) onAct()
        }}
      >
        {children}
        {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button kind="primary" type="submit" busy={progress.kind === 'waiting'} disabled={!isWhole}>
            {act}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

const orNothing = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim())

interface DriverQuestionProps {
  readonly driver: Driver | null
  readonly progress: Progress
  readonly acts: RosterActs
}

function DriverQuestion({ driver, progress, acts }: DriverQuestionProps) {
  const t = useTranslations('consoleDrivers.driver')
  const [name, setName] = useState(driver?.name ?? '')
  const [reference, setReference] = useState(driver?.reference ?? '')
  const [email, setEmail] = useState(driver?.email ?? '')
  return (
    <Question
      title={driver === null ? t('new') : t('change', { name: driver.name })}
      act={t(driver === null ? 'add' : 'save')}
      isWhole={name.trim() !== ''}
      progress={progress}
      onAct={() =>
        acts.onSaveDriver(driver?.driverId ?? null, {
          name: name.trim(),
          reference: orNothing(reference),
          email: orNothing(email),
        })
      }
      onClose={acts.onCloseDialog}
    >
      <Field
        label={t('name')}
        required
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label={t('reference')}
        hint={t('referenceHint')}
        maxLength={40}
        autoComplete="off"
        value={reference}
        onChange={(event) => setReference(event.target.value)}
      />
      <Field
        label={t('email')}
        hint={t('emailHint')}
        type="email"
        maxLength={254}
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
    </Question>
  )
}

interface VehicleQuestionProps {
  readonly vehicle: Vehicle | null
  readonly progress: Progress
  readonly acts: RosterActs
}

const classes = Array.from({ length: 16 }, (_, index) => index)

function VehicleQuestion({ vehicle, progress, acts }: VehicleQuestionProps) {
  const t = useTranslations('consoleDrivers.vehicle')
  const classOf = useVehicleClass()
  const [plate, setPlate] = useState(vehicle?.plate ?? '')
  const [name, setName] = useState(vehicle?.name ?? '')
  const [index, setIndex] = useState(vehicle?.class ?? 0)
  return (
    <Question
      title={vehicle === null ? t('new') : t('change', { plate: vehicle.plate })}
      act={t(vehicle === null ? 'add' : 'save')}
      isWhole={plate.trim() !== ''}
      progress={progress}
      onAct={() =>
        acts.onSaveVehicle(vehicle?.vehicleId ?? null, {
          plate: plate.trim(),
          name: orNothing(name),
          class: index,
        })
      }
      onClose={acts.onCloseDialog}
    >
      <Field
        label={t('plate')}
        required
        maxLength={20}
        autoComplete="off"
        autoCapitalize="characters"
        value={plate}
        onChange={(event) => setPlate(event.target.value)}
      />
      <Field
        label={t('name')}
        hint={t('nameHint')}
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <div>
        <SelectField
          label={t('class')}
          value={String(index)}
          options={classes.map((one) => ({ value: String(one), label: classOf(one) }))}
          onChange={(chosen) => setIndex(Number(chosen))}
        />
        <p className="mt-2 text-note text-mute">{t('classHint')}</p>
      </div>
    </Question>
  )
}
