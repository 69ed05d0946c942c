/** The keys of the account: passkeys, recovery codes, phones; and what to do when a phone is lost. */

import KeyRound from 'lucide-react/icons/key-round'
import Smartphone from 'lucide-react/icons/smartphone'
import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { ListRow } from '@/components/ui/list-row'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { PasskeySheet, PhoneSheet } from './device-sheets'
import { creditOn, type DevicesData, type DevicesView, type PhoneView } from './devices-view'
import { RefusalNotice } from './refusal-notice'
import { Screen, SectionHead } from './screen'

export interface DevicesProps {
  view: DevicesView
  onAddPasskey(): void
  onRenamePasskey(credentialId: string, name: string): void
  onRemovePasskey(credentialId: string): void
  onMakeCodes(): void
  onRenamePhone(phoneId: string, name: string): void
  onLost(phoneId: string): void
  onChangePin(): void
  onSignOutOthers(): void
  onSignIn(): void
  onBack(): void
}

export function DevicesScreen(props: DevicesProps) {
  const { view } = props
  const t = useTranslations('driver.devices')
  const { data } = view
  const waiting = view.online && view.signedIn && view.refusal === null
  return (
    <Screen title={t('title')} onBack={props.onBack}>
      {view.refusal === null ? null : <RefusalNotice refusal={view.refusal} />}
      {view.online ? null : <Notice tone="offline" title={t('offlineTitle')} action={t('offlineAction')} />}
      {view.signedIn ? null : (
        <>
          <Notice tone="plain" title={t('signedOutTitle')} action={t('signedOutAction')} />
          <Button kind="primary" wide disabled={!view.online} onClick={props.onSignIn}>
            {t('signIn')}
          </Button>
        </>
      )}
      {data === null ? (
        waiting ? (
          <Spinner awaited={t('reading')} usual={t('usual')} />
        ) : null
      ) : (
        <Lists {...props} data={data} />
      )}
      {view.lock === null ? null : <Lock {...props} />}
    </Screen>
  )
}

/** Of this phone alone, so it is here without a connection, too. */
function Lock({ view, onChangePin }: DevicesProps) {
  const t = useTranslations('driver.devices')
  return (
    <section className="flex flex-col gap-3">
      <SectionHead>{t('lock')}</SectionHead>
      <p className="border-y border-line py-3">
        {t(view.lock === 'pin' ? 'lockedByPin' : 'lockedByPasskey')}
      </p>
      {view.lock === 'pin' ? (
        <Button kind="secondary" wide onClick={onChangePin}>
          {t('changePin')}
        </Button>
      ) : null}
    </section>
  )
}

type Lists = DevicesProps & { readonly data: DevicesData }

function Lists(props: Lists) {
  const { view, data } = props
  const t = useTranslations('driver.devices')
  const [open, setOpen] = useState<{ kind: 'passkey' | 'phone'; id: string } | null>(null)
  const passkey =
    open?.kind === 'passkey' ? data.passkeys.find((item) => item.credentialId === open.id) : undefined
  const phone = open?.kind === 'phone' ? data.phones.find((item) => item.phoneId === open.id) : undefined
  const close = (): void => setOpen(null)
  const isDisabled = !view.online || view.isBusy
  return (
    <>
      <Recovered {...props} />
      <Passkeys {...props} onOpen={(id) => setOpen({ kind: 'passkey', id })} />
      <Codes {...props} />
      <Phones {...props} onOpen={(id) => setOpen({ kind: 'phone', id })} />
      {data.otherSignIns === 0 ? null : (
        <section className="border-t border-line pt-6">
          <Button kind="secondary" wide disabled={isDisabled} onClick={props.onSignOutOthers}>
            {t('signOutOthers', { count: data.otherSignIns })}
          </Button>
        </section>
      )}
      {passkey === undefined ? null : (
        <PasskeySheet
          passkey={passkey}
          isDisabled={isDisabled}
          onRename={(name) => {
            close()
            props.onRenamePasskey(passkey.credentialId, name)
          }}
          onRemove={() => {
            close()
            props.onRemovePasskey(passkey.credentialId)
          }}
          onClose={close}
        />
      )}
      {phone === undefined ? null : (
        <PhoneSheet
          phone={phone}
          currency={data.currency}
          isDisabled={isDisabled}
          onRename={(name) => {
            close()
            props.onRenamePhone(phone.phoneId, name)
          }}
          onLost={() => {
            close()
            props.onLost(phone.phoneId)
          }}
          onClose={close}
        />
      )}
    </>
  )
}

const weekS = 7 * 86_400

/** The owner must hear of it on every phone, for as long as a thief would need. */
function Recovered({ view, data }: Lists) {
  const t = useTranslations('driver.devices')
  const format = useFormat()
  const { recoveredAtS, coolOffUntilS } = data
  if (recoveredAtS === null || recoveredAtS + weekS < view.nowS) return null
  const title = t('recoveredTitle', { when: format.moment(recoveredAtS, view.nowS) })
  return (
    <Notice
      tone="plain"
      title={title}
      action={
        <>
          <p>{t('recoveredAction')}</p>
          {coolOffUntilS === null ? null : (
            <p>{t('coolOff', { when: format.moment(coolOffUntilS, view.nowS) })}</p>
          )}
        </>
      }
    />
  )
}

function Passkeys({ view, data, onAddPasskey, onOpen }: Lists & { onOpen(id: string): void }) {
  const t = useTranslations('driver.devices')
  const format = useFormat()
  return (
    <section className="flex flex-col gap-3">
      <SectionHead>{t('passkeys')}</SectionHead>
      <ul className="divide-y divide-line border-y border-line">
        {data.passkeys.map((passkey) => (
          <li key={passkey.credentialId}>
            <ListRow
              icon={<KeyRound className="size-6 shrink-0" strokeWidth={1.75} aria-hidden="true" />}
              title={passkey.name === '' ? t('passkey') : passkey.name}
              note={
                passkey.isThis
                  ? t('thisSignIn')
                  : passkey.lastUsedAtS === null
                    ? t('added', { when: format.moment(passkey.createdAtS, view.nowS) })
                    : t('used', { age: format.age(passkey.lastUsedAtS, view.nowS) })
              }
              onOpen={() => onOpen(passkey.credentialId)}
            />
          </li>
        ))}
      </ul>
      {data.passkeys.length === 1 && data.recoveryCodesLeft === 0 ? (
        <p className="text-note text-mute">{t('onlyOne')}</p>
      ) : null}
      <Button kind="secondary" wide disabled={!view.online || view.isBusy} onClick={onAddPasskey}>
        {t('addPasskey')}
      </Button>
    </section>
  )
}

function Codes({ view, data, onMakeCodes }: Lists) {
  const t = useTranslations('driver.devices')
  const hasCodes = data.recoveryCodesLeft > 0
  return (
    <section className="flex flex-col gap-3">
      <SectionHead>{t('codes')}</SectionHead>
      <p className="border-y border-line py-3">
        {t(hasCodes ? 'codesLeft' : 'noCodes', { count: data.recoveryCodesLeft })}
      </p>
      <Button kind="secondary" wide disabled={!view.online || view.isBusy} onClick={onMakeCodes}>
        {t(hasCodes ? 'newCodes' : 'makeCodes')}
      </Button>
    </section>
  )
}

function Phones({ view, data, onOpen }: Lists & { onOpen(id: string): void }) {
  const t = useTranslations('driver.devices')
  const format = useFormat()
  const noteOf = (phone: PhoneView): string => {
    if (phone.lostAtS !== null) return t('lostSince', { when: format.moment(phone.lostAtS, view.nowS) })
    if (phone.isThis) return t('thisPhone')
    return phone.lastSeenAtS === null
      ? t('neverSeen')
      : t('seen', { age: format.age(phone.lastSeenAtS, view.nowS) })
  }
  return (
    <section className="flex flex-col gap-3">
      <SectionHead>{t('phones')}</SectionHead>
      {data.phones.length === 0 ? (
        <p className="border-y border-line py-3 text-mute">{t('noPhones')}</p>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {data.phones.map((phone) => {
            const { reservedMinor, isLive } = creditOn(phone)
            return (
              <li key={phone.phoneId}>
                <ListRow
                  icon={<Smartphone className="size-6 shrink-0" strokeWidth={1.75} aria-hidden="true" />}
                  title={phone.name === '' ? t('unnamedPhone') : phone.name}
                  note={noteOf(phone)}
                  {...(reservedMinor === 0
                    ? {}
                    : {
                        value: format.money(reservedMinor, data.currency),
                        valueNote: <span className="text-mute">{t(isLive ? 'onIt' : 'setAside')}</span>,
                      })}
                  onOpen={() => onOpen(phone.phoneId)}
                />
              </li>
            )
          })}
        </ul>
      )}
      <p className="text-note text-mute">{t('lostHint')}</p>
    </section>
  )
}
