/**
 * Every reason for which a person, a device or the cloud refuses something. `code` is what people read to support
 * ("Q-12"), `wire` is the number inside a signed answer, `moneyMoved` is the plain truth about the driver's money.
 * Words and remedies for each stand in `lib/format/messages/`, in every language.
 */

export type MoneyMoved = 'nothing' | 'held' | 'charged'

interface ReasonFacts {
  readonly code: string
  readonly wire: number
  readonly moneyMoved: MoneyMoved
}

const reason = (code: string, wire: number, moneyMoved: MoneyMoved = 'nothing'): ReasonFacts => ({
  code,
  wire,
  moneyMoved,
})

export const reasons = {
  // Reading a code.
  'code.unreadable': reason('Q-10', 10),
  'code.not-outpost': reason('Q-11', 11),
  'code.damaged': reason('Q-12', 12),
  'code.version': reason('Q-13', 13),
  'code.wrong-kind': reason('Q-14', 14),
  'code.too-large': reason('Q-15', 15),
  // The charger's offer.
  'offer.unknown': reason('O-20', 20),
  'offer.expired': reason('O-21', 21),
  'offer.used': reason('O-22', 22),
  'offer.signature': reason('O-23', 23),
  'offer.certificate': reason('O-24', 24),
  'offer.currency': reason('O-25', 25),
  'offer.operator': reason('O-26', 26),
  'offer.revoked': reason('O-27', 27),
  // The grant.
  'grant.signature': reason('G-30', 30),
  'grant.issuer': reason('G-31', 31),
  'grant.operator': reason('G-32', 32),
  'grant.currency': reason('G-33', 33),
  'grant.expired': reason('G-34', 34),
  'grant.not-yet-valid': reason('G-35', 35),
  'grant.site': reason('G-36', 36),
  'grant.hours': reason('G-37', 37),
  'grant.revoked': reason('G-38', 38),
  'grant.missing': reason('G-39', 39),
  // The wallet's chain and amounts.
  'wallet.signature': reason('W-40', 40),
  'wallet.sequence': reason('W-41', 41),
  'wallet.previous': reason('W-42', 42),
  'wallet.sums': reason('W-43', 43),
  'wallet.cap': reason('W-44', 44),
  'wallet.spends': reason('W-45', 45),
  'wallet.daily-limit': reason('W-46', 46),
  'wallet.month-limit': reason('W-47', 47),
  'hold.offer-maximum': reason('H-50', 50),
  'hold.session-cap': reason('H-51', 51),
  'hold.first-seen': reason('H-52', 52),
  'hold.exposure': reason('H-53', 53),
  'hold.clock': reason('H-54', 54),
  'hold.zero': reason('H-55', 55),
  'step-up.required': reason('S-60', 60),
  'step-up.wrong': reason('S-61', 61),
  // The charger itself.
  'charger.unplugged': reason('C-70', 70),
  'charger.busy': reason('C-71', 71),
  'charger.offline': reason('C-72', 72),
  'charger.faulted': reason('C-73', 73),
  'charger.no-start': reason('C-74', 74),
  'charger.policy': reason('C-75', 75),
  'charger.storage': reason('C-76', 76),
  'charger.unpaired': reason('C-77', 77),
  'charger.controller': reason('C-78', 78),
  'charger.keys': reason('C-82', 82),
  'charger.service': reason('C-83', 83),
  'charger.revoked': reason('C-84', 84),
  'stop.code-wrong': reason('C-79', 79, 'held'),
  'stop.code-locked': reason('C-80', 80, 'held'),
  'stop.wallet': reason('C-81', 81, 'held'),
  // Receipts.
  'receipt.signature': reason('R-90', 90, 'held'),
  'receipt.session': reason('R-91', 91),
  'receipt.amount': reason('R-92', 92, 'charged'),
  'receipt.exceeds-hold': reason('R-93', 93, 'charged'),
  'receipt.issuer': reason('R-94', 94, 'held'),
  // The phone.
  'phone.storage': reason('P-100', 100),
  'phone.key': reason('P-101', 101),
  'phone.second-tab': reason('P-102', 102),
  'phone.camera-denied': reason('P-103', 103),
  'phone.camera-missing': reason('P-104', 104),
  'phone.passkey': reason('P-105', 105),
  'phone.nothing-to-spend': reason('P-106', 106),
  'phone.offline': reason('P-107', 107),
  'phone.trust': reason('P-108', 108),
  'phone.locked': reason('P-116', 116),
  'phone.link': reason('P-109', 109),
  'phone.bluetooth-missing': reason('P-117', 117),
  'phone.bluetooth-denied': reason('P-118', 118),
  'phone.scanner': reason('P-119', 119),
  // The cloud.
  'api.unreachable': reason('N-120', 120),
  'api.malformed': reason('A-121', 121),
  'api.too-large': reason('A-122', 122),
  'api.unauthenticated': reason('A-123', 123),
  'api.forbidden': reason('A-124', 124),
  'api.not-found': reason('A-125', 125),
  'api.conflict': reason('A-126', 126),
  'api.rate-limited': reason('A-127', 127),
  'api.internal': reason('A-128', 128),
  'api.busy': reason('A-129', 129),
  'account.insufficient-funds': reason('A-130', 130),
  'account.card-declined': reason('A-131', 131),
  'account.passkey': reason('A-132', 132),
  'account.amount': reason('A-133', 133),
  'account.claim-code': reason('A-134', 134),
  'account.last-key': reason('A-135', 135),
  'account.recovery-code': reason('A-136', 136),
  'account.prove-again': reason('A-137', 137),
  'account.cooling-off': reason('A-138', 138),
  'account.too-many': reason('A-139', 139),
  'account.manages-fleet': reason('A-145', 145),
  // Organisations and their people.
  'organisation.role': reason('O-230', 230),
  'organisation.member': reason('O-231', 231),
  'organisation.invitation': reason('O-232', 232),
  'organisation.email': reason('O-233', 233),
  'organisation.last-owner': reason('O-234', 234),
  'organisation.limit': reason('O-235', 235),
  'organisation.frozen': reason('O-236', 236),
  'device.unknown': reason('D-140', 140),
  'device.checkpoint': reason('D-141', 141),
  'device.gap': reason('D-142', 142),
  'device.fork': reason('D-143', 143),
  'device.enrolment-code': reason('D-144', 144),
  // Words of the issuer that arrive while somebody is online, and the end of a grant.
  'permit.vetoed': reason('V-150', 150),
  'news.refused': reason('V-151', 151),
  'news.full': reason('V-152', 152),
  'grant.closed': reason('G-160', 160),
  'grant.frozen': reason('G-161', 161),
  'grant.power': reason('G-164', 164),
  'close.incomplete': reason('G-162', 162, 'held'),
  'close.contradicted': reason('G-163', 163, 'held'),
  'hold.site-reserve': reason('H-165', 165),
  // The operator's own rules.
  'hold.rule': reason('H-166', 166),
  'rule.declined': reason('H-167', 167),
  // Bearers: printed cards and RFID tokens.
  'voucher.signature': reason('B-170', 170),
  'voucher.expired': reason('B-171', 171),
  'voucher.site': reason('B-172', 172),
  'voucher.spent': reason('B-173', 173),
  'voucher.revoked': reason('B-174', 174),
  // RFID cards and contracts at the charger's own reader, and those who give them out.
  'card.unknown': reason('B-175', 175),
  'card.list-expired': reason('B-176', 176),
  'card.off': reason('B-177', 177),
  'card.in-use': reason('B-178', 178),
  'card.contract': reason('B-179', 179),
  'card.token': reason('B-240', 240),
  'card.taken': reason('B-241', 241),
  'card.list-full': reason('B-242', 242),
  // Cases: what people look at, and what staff may not do with them.
  'case.unknown': reason('K-180', 180),
  'case.decided': reason('K-181', 181),
  'case.taken': reason('K-182', 182),
  'case.step': reason('K-183', 183),
  'case.amount': reason('K-184', 184),
  'case.repeated': reason('K-185', 185),
  'case.meter': reason('K-186', 186, 'charged'),
  'case.clock': reason('K-187', 187, 'charged'),
  'case.dispute': reason('K-188', 188, 'charged'),
  'case.account-refund': reason('K-189', 189),
  // The charger's side of a Bluetooth link.
  'link.chunk': reason('L-200', 200),
  'link.flood': reason('L-201', 201),
  'link.full': reason('L-202', 202),
  'link.waited': reason('L-203', 203),
  'link.closed': reason('L-204', 204),
  // What is carried by sticks, phones and neighbours.
  'parcel.unreadable': reason('L-250', 250),
  'parcel.key': reason('L-251', 251),
  'parcel.not-ours': reason('L-252', 252),
  'parcel.no-key': reason('L-253', 253),
  'stick.missing': reason('L-249', 249),
  'stick.unreadable': reason('L-254', 254),
  'stick.full': reason('L-255', 255),
  // By satellite.
  'satellite.terminal': reason('L-227', 227),
  'satellite.message': reason('L-228', 228),
  // The site's gateway.
  'gateway.kept': reason('L-243', 243),
  'gateway.stranger': reason('L-244', 244),
  'gateway.full': reason('L-245', 245),
  'gateway.pin': reason('L-246', 246),
  // Cards.
  'payment.signature': reason('M-190', 190),
  'payment.stale': reason('M-191', 191),
  'payment.provider': reason('M-192', 192),
  'payment.cancelled': reason('M-193', 193),
  'payment.disputed': reason('M-194', 194, 'charged'),
  'payment.mismatch': reason('M-195', 195, 'charged'),
  'payment.act': reason('M-196', 196, 'charged'),
  // Technician mode.
  'technician.stale': reason('T-210', 210),
  'technician.used': reason('T-211', 211),
  'technician.signature': reason('T-212', 212),
  'technician.operator': reason('T-213', 213),
  'technician.not-yet-valid': reason('T-214', 214),
  'technician.expired': reason('T-215', 215),
  'technician.site': reason('T-216', 216),
  'technician.revoked': reason('T-217', 217),
  'technician.key': reason('T-218', 218),
  'technician.rights': reason('T-219', 219),
  'technician.closed': reason('T-220', 220),
  'technician.in-use': reason('T-221', 221),
  'technician.no-answer': reason('T-222', 222),
  'technician.password': reason('T-223', 223),
  'technician.invitation': reason('T-224', 224),
  'technician.phone': reason('T-225', 225),
} as const satisfies Record<string, ReasonFacts>

export type ReasonCode = keyof typeof reasons

const byWire = new Map<number, ReasonCode>(
  (Object.keys(reasons) as ReasonCode[]).map((code) => [reasons[code].wire, code]),
)

/** The reason that a signed answer's number stands for, or undefined for a number of another protocol version. */
export const reasonFromWire = (wire: number): ReasonCode | undefined => byWire.get(wire)
