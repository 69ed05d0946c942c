/** What people read when they ask how, and how wrong input is told: one sentence, and exit code 2. */

export const usage = `outpost-kiosk: the controller of an Outpost charger

  outpost-kiosk init      writes outpost-kiosk.json, makes folders and keys
      --charger ID --cloud URL --identity NAME --bays N --ocpp-host ADDRESS --data FOLDER
      --support-phone NUMBER --no-password (a closed network) --force (replaces the file)
  outpost-kiosk enrol CODE   makes the charger known to its operator; CODE or the text of its QR code
  outpost-kiosk run          the controller, until SIGTERM
  outpost-kiosk doctor       looks at everything and says what to do
      --json --put-journal-aside (a damaged journal, after asking the operator)
  outpost-kiosk keys show          fingerprints of the signing keys
  outpost-kiosk keys next          makes the next signing key; the operator certifies it by itself
  outpost-kiosk keys request       prints a request for its certificate, for an operator without a network
  outpost-kiosk keys move          moves to a token: --module FILE --token LABEL --pin-file FILE
  outpost-kiosk keys passphrase    seals the key files anew: --new-passphrase-file FILE
  outpost-kiosk chargers password IDENTITY   a one-time password for an OCPP charger
  outpost-kiosk chargers certificate         this site’s certificate for OCPP over TLS; --force replaces it
  outpost-kiosk stick FOLDER       the log onto a USB stick and the answers off it, sealed; --json
                                   also while the controller is stopped
  outpost-kiosk version

  --config FILE   instead of OUTPOST_KIOSK_CONFIG or ./outpost-kiosk.json
  --help          this text
`

/** The person at the keyboard can mend it: exit code 2. */
export class WrongInput extends Error {}

/** It was asked rightly and did not work: exit code 1. */
export class Failure extends Error {}
