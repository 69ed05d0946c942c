/**
 * One token of a PKCS#11 module: finds it by its label, logs in, and opens itself again when it was pulled out and put
 * back. The package that talks to modules is optional, because it is compiled at installation.
 */

import { createRequire } from 'node:module'
import type * as Pkcs11 from 'pkcs11js'

export interface TokenPlace {
  /** Path of the module's library. */
  readonly module: string
  /** Label of the token. */
  readonly token: string
  readonly pin: string
}

/** What an operation gets: valid until the token goes. */
export interface TokenSession {
  readonly api: typeof Pkcs11
  readonly module: Pkcs11.PKCS11
  readonly handle: Pkcs11.Handle
  /** Names of keys → their handles in this session. */
  readonly keys: Map<string, Pkcs11.Handle>
}

export class Token {
  readonly #place: TokenPlace
  readonly #api: typeof Pkcs11
  #module: Pkcs11.PKCS11 | undefined
  #session: TokenSession | undefined

  /** Throws where the optional package is missing. */
  constructor(place: TokenPlace) {
    this.#place = place
    this.#api = createRequire(import.meta.url)('pkcs11js') as typeof Pkcs11
  }

  /** Throws with the module's own words: a sentence for the technician is made further up. */
  use<T>(run: (session: TokenSession) => T): T {
    this.#session ??= this.#open()
    try {
      return run(this.#session)
    } catch (error) {
      // Whatever it was: a session that failed is not asked again, the next use begins afresh.
      this.close()
      throw error
    }
  }

  /** Modules keep the list of slots from their initialisation, so a token that comes back needs another one. */
  close(): void {
    this.#session = undefined
    const module = this.#module
    this.#module = undefined
    try {
      module?.C_Finalize()
      module?.close()
    } catch {
      // It is gone already.
    }
  }

  #open(): TokenSession {
    const api = this.#api
    const module = new api.PKCS11()
    module.load(this.#place.module)
    module.C_Initialize()
    this.#module = module
    try {
      const slot = module
        .C_GetSlotList(true)
        .find((candidate) => module.C_GetTokenInfo(candidate).label.trim() === this.#place.token)
      if (slot === undefined) throw new Error(`no token with the label ${this.#place.token}`)
      const handle = module.C_OpenSession(slot, api.CKF_SERIAL_SESSION | api.CKF_RW_SESSION)
      module.C_Login(handle, api.CKU_USER, this.#place.pin)
      return { api, module, handle, keys: new Map() }
    } catch (error) {
      this.close()
      throw error
    }
  }
}

export type Attributes = Pkcs11.Template

/** The first object that has all of these. */
export function findObject(
  { module, handle }: TokenSession,
  attributes: Attributes,
): Pkcs11.Handle | undefined {
  module.C_FindObjectsInit(handle, attributes)
  try {
    return module.C_FindObjects(handle, 1)[0]
  } finally {
    module.C_FindObjectsFinal(handle)
  }
}
