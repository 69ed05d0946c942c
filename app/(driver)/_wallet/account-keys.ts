/**
 * The keys of the account, from the phone: passkeys, recovery codes, phones, and the account's own copy and end. Acts
 * that could take the account over ask for a passkey once more when the last time is long ago.
 */

import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser'
import type { AccountClosedResponse, DevicesResponse } from '@/lib/cloud/api-types/account-devices'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { SignedIn } from '@/lib/wallet/cloud-port'
import { readSignedIn, request } from '@/lib/wallet/http-cloud'
import { jsonReader, type JsonReader } from '@/lib/wallet/json-reader'
import { fetchApi } from './network'
import { attempt, loadWebAuthn, withSecret } from './passkeys'

type Reply<T> = Promise<Result<T, Refusal>>

async function ask<T>(
  path: string,
  read: (json: JsonReader) => T,
  body?: object,
  method: 'GET' | 'POST' = 'POST',
): Reply<T> {
  const answer = await request(fetchApi, `/account/${path}`, method, body)
  if (!answer.ok) return answer
  try {
    return ok(read(jsonReader(answer.value)))
  } catch {
    return err(refusal('api.internal'))
  }
}

const nothing = (): void => undefined

export const askDevices = (): Reply<DevicesResponse> => ask('devices', readDevices, undefined, 'GET')

export const announcePhone = (news: {
  readonly phoneId: string
  readonly name: string
  readonly deviceKeys: readonly string[]
}): Reply<void> => ask('phones/announce', nothing, news)

export const renamePhone = (phoneId: string, name: string): Reply<void> =>
  ask('phones/rename', nothing, { phoneId, name })

export const reportLost = (phoneId: string): Reply<DevicesResponse> =>
  ask('phones/lost', readDevices, { phoneId })

export const signOutOthers = (): Reply<void> => ask('sign-out-others', nothing, {})

export const renamePasskey = (credentialId: string, name: string): Reply<void> =>
  ask('passkeys/rename', nothing, { credentialId, name })

export const removePasskey = (credentialId: string): Reply<void> =>
  proved(() => ask('passkeys/remove', nothing, { credentialId }))

export const addPasskey = (name: string): Reply<void> =>
  proved(() =>
    register(ask('passkeys/options', readCreation, {}), (made) =>
      ask('passkeys/verify', nothing, { ...made, name }),
    ),
  )

/** Shown once: nobody can read them again. */
export const makeRecoveryCodes = (): Reply<readonly string[]> =>
  proved(() => ask('recovery-codes', (json) => json.texts('codes', 20), {}))

/** A recovery code makes a new passkey on this phone and signs in with it. */
export const recover = (code: string, name: string): Reply<SignedIn> =>
  register(ask('recover/options', readCreation, { code }), (made) =>
    ask('recover/verify', readSignedIn, { ...made, name }),
  )

/** The file, as the operator wrote it. */
export const exportAccount = (): Reply<unknown> => request(fetchApi, '/account/export', 'GET', undefined)

export const deleteAccount = (): Reply<AccountClosedResponse> => proved(() => ask('delete', readClosed, {}))

/** Carries an act out; where a passkey has to be shown first, asks for it and tries once more. */
async function proved<T>(act: () => Reply<T>): Reply<T> {
  const first = await act()
  if (first.ok || first.error.code !== 'account.prove-again') return first
  const begun = await ask('prove/options', readRequest, {})
  if (!begun.ok) return begun
  const { startAuthentication } = await loadWebAuthn()
  const response = await attempt<AuthenticationResponseJSON>(() =>
    startAuthentication({ optionsJSON: begun.value.options }),
  )
  if (!response.ok) return response
  const { challengeId } = begun.value
  const shown = await ask('prove/verify', nothing, { challengeId, response: response.value })
  return shown.ok ? act() : shown
}

async function register<T>(
  beginning: Reply<ReturnType<typeof readCreation>>,
  finish: (made: { challengeId: string; response: RegistrationResponseJSON }) => Reply<T>,
): Reply<T> {
  const begun = await beginning
  if (!begun.ok) return begun
  const { challengeId, options } = begun.value
  const { startRegistration } = await loadWebAuthn()
  const response = await attempt(() => startRegistration({ optionsJSON: withSecret(options) }))
  return response.ok ? finish({ challengeId, response: response.value }) : response
}

/** The options go to the browser's own WebAuthn, which checks them. */
const readCreation = (json: JsonReader) => ({
  challengeId: json.text('challengeId'),
  options: json.raw('options') as PublicKeyCredentialCreationOptionsJSON,
})
const readRequest = (json: JsonReader) => ({
  challengeId: json.text('challengeId'),
  options: json.raw('options') as PublicKeyCredentialRequestOptionsJSON,
})

const timeOrNull = (json: JsonReader, key: string): number | null =>
  json.raw(key) === null ? null : json.integer(key)

const listMax = 256

const readDevices = (json: JsonReader): DevicesResponse => ({
  passkeys: json.objects('passkeys', listMax).map((item) => ({
    credentialId: item.text('credentialId'),
    name: item.text('name'),
    createdAtS: item.integer('createdAtS'),
    lastUsedAtS: timeOrNull(item, 'lastUsedAtS'),
    isThis: item.raw('isThis') === true,
  })),
  recoveryCodesLeft: json.integer('recoveryCodesLeft'),
  recoveredAtS: timeOrNull(json, 'recoveredAtS'),
  coolOffUntilS: timeOrNull(json, 'coolOffUntilS'),
  otherSignIns: json.integer('otherSignIns'),
  currency: json.text('currency'),
  phones: json.objects('phones', listMax).map((item) => ({
    phoneId: item.text('phoneId'),
    name: item.text('name'),
    lastSeenAtS: timeOrNull(item, 'lastSeenAtS'),
    lostAtS: timeOrNull(item, 'lostAtS'),
    isThis: item.raw('isThis') === true,
    grants: item.objects('grants', listMax).map((grant) => ({
      serial: grant.text('serial'),
      state: grant.oneOf('state', ['live', 'expired', 'revoked']),
      reservedMinor: grant.integer('reservedMinor'),
      heldMinor: grant.integer('heldMinor'),
      notAfterS: grant.integer('notAfterS'),
      releaseAfterS: grant.integer('releaseAfterS'),
    })),
  })),
})

const readClosed = (json: JsonReader): AccountClosedResponse => ({
  reference: json.raw('reference') === null ? null : json.text('reference'),
  balanceMinor: json.integer('balanceMinor'),
  reservedMinor: json.integer('reservedMinor'),
  releaseAfterS: timeOrNull(json, 'releaseAfterS'),
  currency: json.text('currency'),
})
