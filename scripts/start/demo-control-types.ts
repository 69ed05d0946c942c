/**
 * The demo's switches: an HTTP server on loopback that exists only under `npm start`. It can do what a person beside
 * the charger can do (plug, unplug, cut the power of the controller, pull the network cable) and nothing else.
 *
 *   GET  /state                              → DemoState
 *   POST /kill-controller                    → DemoState   the controller gets SIGKILL, as in a power cut
 *   POST /restart-controller                 → DemoState
 *   POST /uplink {"offline": true | false}   → DemoState   the charger's road to the cloud
 *   POST /plug, /unplug                      → DemoState   the vehicle at the virtual charger
 *   errors                                   → DemoError with status 400, 403, 404, 409 or 413
 */

export interface DemoState {
  readonly controller: 'running' | 'stopped'
  readonly uplink: 'online' | 'offline'
  readonly vehicle: 'plugged' | 'unplugged'
  /** Where the two halves of the demo page come from. */
  readonly driverAppUrl: string
  readonly kioskScreenUrl: string
}

export interface DemoError {
  readonly error: 'not-found' | 'forbidden' | 'malformed' | 'too-large' | 'not-running'
}

/** What the switches act on. */
export interface DemoTargets {
  state(): Promise<DemoState>
  killController(): Promise<void>
  restartController(): Promise<void>
  setUplink(offline: boolean): Promise<void>
  plug(): Promise<void>
  unplug(): Promise<void>
}
