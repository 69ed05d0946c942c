/**
 * Every cap in one place, each with the attack it stops and its headroom over real traffic.
 * Sizes are bytes unless the name says otherwise.
 */

export const limits = {
  /** CBOR bombs. The largest message that a device accepts outside a bundle is about 700 B. */
  messageBytesMax: 4_096,
  /** Stack exhaustion by nesting. Our deepest message has 4 levels. */
  cborDepthMax: 8,
  /** Many tiny entries in one container. Our largest map has 16 entries, our longest list 1,000 (revocations). */
  cborEntriesMax: 2_048,
  /** Everything carried by one envelope: message and attachments. */
  envelopePartsMax: 6,
  /** A code of the ordinary path: QR version 12-L after Base45 in alphanumeric mode (PROTOCOL.md). */
  ordinaryCodeBytesMax: 354,
  /** With a passkey assertion: QR version 18-L. */
  stepUpCodeBytesMax: 640,
  /** News that a phone shows beside its authorization: QR version 20-L holds 830 B, the densest that people get read. */
  newsCodeBytesMax: 800,
  /** Frames of one code. The largest authorization, with eight sites and a passkey, makes 7 of 150 B. */
  codeFramesMax: 32,
  /** Bytes of a code in one of its frames: QR version 8-L, which the poorest camera reads. */
  framePieceBytesMax: 150,
  /** One Bluetooth value: the most that an attribute can hold (Core, Vol 3, Part F, §3.2.9). */
  bluetoothValueBytesMax: 512,
  /** Phones that one charger talks to by Bluetooth. A site has a handful of bays; radios hold 7 to 16 links. */
  bluetoothPhonesMax: 8,
  /** Bytes a second that one phone may write for long; its whole ceremony is about 2 kB. */
  bluetoothBytesPerSecondMax: 1_024,
  /** Bytes that it may write at once before that counts: the largest code, twice. */
  bluetoothBurstBytesMax: 8_192,
  /** Codes of one phone that wait for the controller: news, authorization and stop. */
  bluetoothCodesWaitingMax: 3,
  /** Refusals a minute that all phones together may cause by radio: each would stand on the touchscreen. */
  bluetoothRefusalsPerMinuteMax: 6,
  /** Text scanned by a camera before it is decoded; version 40-L holds 4,296 characters. */
  scannedTextCharsMax: 4_400,
  /** Serials in one revocation list: 400 are 3.7 kB and fit a message; expired grants leave the list. */
  revokedSerialsMax: 400,
  /** Short ids in one revocation delta: 200 are 0.9 kB, one step-up code; ordinary news are a handful. */
  deltaSerialsMax: 200,
  /** Short ids that a charger keeps from deltas between two whole lists: 50 full deltas, 40 kB in one row. */
  revokedShortIdsMax: 10_000,
  /** A signed voucher within a list of cards. With eight sites it has 240 B. */
  voucherBytesMax: 320,
  /** Messages of one list of cards, about 18 cards each: room for 1,000 cards of one site, which a depot may have. */
  localListPartsMax: 64,
  /** Cards in one of them: with vouchers of the usual size a message is full by then. */
  localListPartEntriesMax: 19,
  /** Vetoes and raises that a charger keeps; each ends by itself, and an operator gives a handful a day. */
  permitsKeptMax: 1_000,
  /** Refused news in codes that are journaled between two acknowledgements, so that strangers cannot fill a disk. */
  refusedNewsMax: 50,
  /** Grants that one acknowledgement holds back from confirmation; more than that at one charger is an attack. */
  heldSerialsMax: 16,
  /** Ranges of early events in one acknowledgement, which also travels in codes: 16 of them are 200 B. */
  heldRangesMax: 16,
  /** Pieces beyond a gap that are kept of one charger, and their bytes: a week's parcels of a busy one. */
  earlyPiecesMax: 64,
  earlyBytesMax: 4_000_000,
  /** One upload of events by a charger; a day of one charger is about 100 events of 300 B. */
  bundleEventsMax: 2_000,
  bundleBytesMax: 2_000_000,
  /** One journal event. The largest carries an authorization with its attachments. */
  eventBytesMax: 8_192,
  /** Guesses of a stop code before it is locked for the session; 5 of 10⁶ is one in 200,000. */
  stopCodeTriesMax: 5,
  /** Declines that a charger pins between two acknowledgements, so that strangers cannot fill its disk. */
  pinnedDeclinesMax: 10_000,
  /** One OCPP frame. Real chargers stay under 20 kB, GetDiagnostics excluded. */
  ocppFrameBytesMax: 131_072,
  /** Messages of one charger that wait for the journal. A charger may send one at a time (OCPP-J 1.6 §4.1.1); some pipeline two. */
  ocppWaitingMessagesMax: 64,
  /** Commands that wait for one charger, so that a charger that never answers cannot pile them up. A session needs 2. */
  ocppWaitingCommandsMax: 16,
  /** Transaction messages whose answer is remembered for retries; a charger retries its last few. */
  ocppRepeatsRememberedMax: 256,
  /** Journal entries about one charger's misbehaviour, so that garbage cannot fill the disk. The rest is counted. */
  ocppIncidentsPerMinuteMax: 20,
  /** Sockets on the OCPP port. A site has one charger a controller; strangers on the LAN may try. */
  ocppSocketsMax: 64,
  /** JSON bodies of the HTTP API that are not bundles. */
  requestBytesMax: 65_536,
  /** Nesting in one of them. The deepest, a passkey's answer, has 5 levels. */
  jsonDepthMax: 16,
  /** Uploads that wait for a worker; more are asked to come back later, so that the disk cannot fill while none works. */
  inboxWaitingMax: 2_000,
  /** Chains that one wallet reports in a call. */
  walletReportChainsMax: 32,
  /** Entries of one chain in one report: 40 finished sessions are about 45 kB of JSON, under `requestBytesMax`. */
  walletReportEntriesMax: 40,
  /** A driver's own words about a session; kept with the case, so they must not fill a disk. A long complaint has 300. */
  complaintNoteCharsMax: 500,
  /** Grants whose history a phone keeps. A driver who renews every week needs 52 a year. */
  walletChainsMax: 256,
  /** Sites in one answer to a phone; the largest operators of a country have some hundreds. */
  sitesKeptMax: 1_000,
  /** Lines of an account in one answer; the cloud sends 50. */
  historyPageLinesMax: 200,
  /** One row of a table derived from the journal. The largest is a session with its signed messages, about 5 kB. */
  projectionRowBytesMax: 65_536,
  /** Key of such a row: a serial, a session id, a connector. */
  projectionKeyCharsMax: 128,
  /** Rows of a derived table that are held in memory at once. */
  projectionPageMax: 1_000,
  /** A bundle, its seal and its label. */
  parcelBytesMax: 2_001_024,
  /** Bays of one controller, as told of a day. */
  telemetryBaysMax: 64,
  /** A sealed letter: sixteen messages of the largest modem (docs/satellite.md). */
  letterBytesMax: 8_192,
  letterSessionsMax: 32,
  /** What one carrier takes of one device at once: half a year of a busy charger. */
  bagBytesMax: 32_000_000,
  bagItemsMax: 4_096,
  /** What a phone carries for chargers, each way: a month of a dozen, less than one photograph. */
  carrierBytesMax: 4_000_000,
  carrierParcelsMax: 256,
  /** One parcel must not take the place of all others. */
  carrierParcelBytesMax: 1_000_000,
  carrierAnswersMax: 64,
  carrierAnswersPerMailboxMax: 4,
  /** Two weeks: whoever was at no network by then is slower than others who passed by. */
  carrierLifetimeH: 336,
  /** Parcels of one charger that its gateway keeps; 64 events each, so that is 16,000 events. */
  gatewayParcelsPerChargerMax: 256,
  /** Answers that wait for one charger; each settles what the ones before it settled. */
  gatewayAnswersPerChargerMax: 64,
  /** Chargers of one site. Big depots have a hundred. */
  gatewayChargersMax: 128,
  /** Answers in one exchange with the gateway, and their bytes together; the rest comes with the next. */
  gatewayAnswersPerExchangeMax: 8,
  gatewayExchangeBytesMax: 2_097_152,
  /** Spends that a site remembers, in 10 MB. A depot of a hundred bays has some hundred a day, for 45 days and 30 beyond. */
  siteBookSpendsMax: 20_000,
  /** Revocation deltas between two whole lists that a site passes on: one a day for two weeks. */
  siteDeltasMax: 16,
  /** Spends or news in one call between a charger and its gateway, and their bytes together. */
  siteEntriesPerCallMax: 64,
  siteCallBytesMax: 262_144,
  /** Neighbours of one charger in the mesh, and what each may have it keep: a flood fills the share of whoever brings it. */
  meshPeersMax: 32,
  meshShareBytesMax: 2_000_000,
  meshShareParcelsMax: 64,
  meshShareAnswersMax: 64,
  /** Neighbours between a charger and an uplink; a yard on one network needs one. */
  meshHopsMax: 6,
  /** A parcel that found no uplink in two days goes from its own charger anew. */
  meshLifetimeS: 172_800,
  /** Forged answers to one parcel push each other out, and each that is new passes once. */
  meshAnswersPerParcelMax: 4,
  /** Ids in one question: every share full, and as many again that were turned away. */
  meshIdsMax: 4_096,
  /** What one question brings; the rest comes with the next. */
  meshReplyItemsMax: 32,
  meshReplyBytesMax: 1_048_576,
  /** What comes back for a parcel: as by any other road, in fewer bytes. */
  parcelAnswerBytesMax: 524_288,
  /** Days of a bay's uptime kept at the charger; the metrics speak of these. */
  uptimeDaysMax: 30,
  /** What a road may bring back for a bundle: 64 kB of trust, policy and revocations, and once 64 parts of a card list. */
  roadReplyBytesMax: 524_288,
  /** One signed record of a meter. With begin, end and ten readings between them it has 2 kB. */
  meterRecordBytesMax: 3_072,
  /** Records kept of one session: its first and its last. Chargers sign at begin and end, some every few seconds. */
  meterRecordsKeptMax: 2,
  /** A meter's public key as it came: 384 bits in base64 of hex behind a prefix have 360 characters. */
  meterKeyCharsMax: 512,
  /** Signed values looked at in one OCPP message, so that verifying cannot hold up the charger. Real ones have two. */
  signedValuesPerMessageMax: 16,
  /** A reading that rose faster than any charger can deliver is garbage, not energy. Megawatt charging ends at 3.75 MW. */
  meterPowerMaxW: 4_000_000,
  /** Texts that wait for a site's own CSMS, of one charger; 20,000 ordinary messages have 10 MB. What it never fetches ends here. */
  forwardTextBytesMax: 64_000_000,
  /** Digests of a forwarded charger's messages, so that a repeat is known. A charger repeats its last few. */
  forwardDigestsMax: 5_000,
  /** Messages that a site CSMS never took and whose text is kept; further ones push out the oldest. */
  forwardSetAsideMax: 1_000,
  /** Transactions whose two names are known; a busy charger has 50 a day. */
  forwardTransactionsMax: 2_000,
  /** News of the moment that wait for a site CSMS that listens; a report of 2.0.1 has some dozens of parts. */
  forwardPassingMax: 100,
  /** Limits that a site CSMS sets at one charger; chargers themselves keep about ten. */
  forwardProfilesMax: 32,
  /** Commands of a site CSMS that wait, so that they cannot crowd out this controller's own. OCPP allows one at a time. */
  forwardCommandsWaitingMax: 4,
  /** Journal entries a minute about a site CSMS's commands, so that it cannot fill the disk. The log has all. */
  forwardNotesPerMinuteMax: 10,
  /** Codes shown to the kiosk's camera that wait for an answer. A person shows one; a prankster's screen flickers. */
  scansWaitingMax: 8,
  /** Everything else that waits for the controller: ticks, screens, acknowledgements. */
  controllerJobsMax: 1_024,
  /** Screens on the kiosk's socket: one panel, the demo page, a technician. */
  screenSocketsMax: 8,
  /** One message of a screen: a scanned text in JSON, escaped at worst six-fold. */
  screenMessageBytesMax: 32_768,
  /** Signed pieces kept with one case: a device that forks for ever must not fill the disk. A session has about 8. */
  caseEvidencePiecesMax: 64,
} as const
