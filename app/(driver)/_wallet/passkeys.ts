/** Passkeys through the browser: making an account, signing in, and confirming one authorization, offline too. */

import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'
import { fromBase64Url, fromHex, toBase64Url, toBytes, type Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { encodePasskeyAssertion } from '@/lib/protocol/passkey-assertion'
import type { CloudPort, SignedIn } from '@/lib/wallet/cloud-port'
import type { ConfirmByPasskey, Wallet } from '@/lib/wallet/wallet'

export const loadWebAuthn = () => import('@simplewebauthn/browser')

export async function createAccount(wallet: Wallet, cloud: CloudPort): Promise<Result<void, Refusal>> {
  const begun = await cloud.registerOptions()
  if (!begun.ok) return begun
  const { challengeId, options } = begun.value
  const { startRegistration } = await loadWebAuthn()
  const response = await attempt(() => startRegistration({ optionsJSON: withSecret(options) }))
  if (!response.ok) return response
  const signedIn = await cloud.registerVerify(challengeId, response.value)
  return signedIn.ok ? keepSignIn(wallet, signedIn.value) : signedIn
}

export async function signIn(wallet: Wallet, cloud: CloudPort): Promise<Result<void, Refusal>> {
  const begun = await cloud.signInOptions()
  if (!begun.ok) return begun
  const { challengeId, options } = begun.value
  const { startAuthentication } = await loadWebAuthn()
  const response = await attempt(() => startAuthentication({ optionsJSON: options }))
  if (!response.ok) return response
  const signedIn = await cloud.signInVerify(challengeId, response.value)
  return signedIn.ok ? keepSignIn(wallet, signedIn.value) : signedIn
}

/** Asks the passkey for a secret of its own where it has one, which may lock this phone's key one day (WebAuthn PRF). */
export const withSecret = (
  options: PublicKeyCredentialCreationOptionsJSON,
): PublicKeyCredentialCreationOptionsJSON => ({
  ...options,
  extensions: { ...options.extensions, prf: {} } as NonNullable<typeof options.extensions>,
})

export const keepSignIn = (
  wallet: Wallet,
  { accountId, passkey }: SignedIn,
): Promise<Result<void, Refusal>> =>
  wallet.apply((state, { nowS }) =>
    ok({
      ...state,
      passkey: {
        credentialId: passkey.credentialId,
        algorithm: passkey.algorithm,
        publicKey: fromHex(passkey.publicKey),
      },
      account: {
        balanceMinor: minorUnits(0),
        reservedMinor: minorUnits(0),
        currency: 'EUR',
        ...(state.account?.accountId === accountId && state.account),
        accountId,
        asOfS: nowS,
        signedIn: true,
      },
    }),
  )

/** The person closed the sheet, it timed out, or this browser has no such passkey: the remedy is the same. */
export async function attempt<T>(ask: () => Promise<T>): Promise<Result<T, Refusal>> {
  try {
    return ok(await ask())
  } catch {
    return err(refusal('phone.passkey'))
  }
}

/** Works without a network: the challenge is the authorization's own hash, and the charger checks the answer. */
export const confirmByPasskey: ConfirmByPasskey = async (authorizationHash, passkey) => {
  const { startAuthentication } = await loadWebAuthn()
  const response = await attempt(() =>
    startAuthentication({
      optionsJSON: {
        challenge: toBase64Url(fromHex(authorizationHash)),
        allowCredentials: [{ id: passkey.credentialId, type: 'public-key' }],
        userVerification: 'required',
        rpId: window.location.hostname,
        timeout: 60_000,
      },
    }),
  )
  if (!response.ok) return response
  const { authenticatorData, clientDataJSON, signature } = response.value.response
  const parts = [authenticatorData, clientDataJSON, signature].map((part) => fromBase64Url(part))
  const [authenticator, clientData, signed] = parts
  if (authenticator === undefined || clientData === undefined || signed === undefined) {
    return err(refusal('phone.passkey'))
  }
  return ok(assertionBytes(passkey, authenticator, clientData, signed))
}

const assertionBytes = (
  { algorithm, publicKey }: Parameters<ConfirmByPasskey>[1],
  authenticatorData: Bytes,
  clientData: Bytes,
  signature: Bytes,
): Bytes =>
  toBytes(encodePasskeyAssertion({ algorithm, key: publicKey, authenticatorData, clientData, signature }))

/**
 * The secret that a passkey derives from a salt; offline too, and the same every time. Undefined where the passkey or the
 * browser has none, or the person closed the sheet. The library does not decode salts, so the browser is asked directly.
 */
export async function passkeySecret(credentialId: string, salt: Bytes): Promise<Bytes | undefined> {
  const id = fromBase64Url(credentialId)
  if (id === undefined) return undefined
  try {
    const credential = await navigator.credentials.get({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        rpId: window.location.hostname,
        allowCredentials: [{ type: 'public-key', id }],
        userVerification: 'required',
        timeout: 60_000,
        extensions: { prf: { eval: { first: salt } } },
      },
    })
    const results = credential instanceof PublicKeyCredential ? credential.getClientExtensionResults() : {}
    const secret = results.prf?.results?.first
    if (secret === undefined) return undefined
    return secret instanceof ArrayBuffer
      ? new Uint8Array(secret)
      : toBytes(new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength))
  } catch {
    return undefined
  }
}
