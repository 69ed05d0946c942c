/**
 * The letters that a PDF's built-in fonts have: WinAnsiEncoding (ISO 32000-1, annex D.2), which is Windows code page
 * 1252. All of German, English and French and the euro sign; letters beyond lose their accent rather than their place.
 */

/** Beside ASCII and Latin-1, which stand for themselves. */
const special: Readonly<Record<string, number>> = {
  '€': 0x80,
  '‚': 0x82,
  ƒ: 0x83,
  '„': 0x84,
  '…': 0x85,
  '†': 0x86,
  '‡': 0x87,
  ˆ: 0x88,
  '‰': 0x89,
  Š: 0x8a,
  '‹': 0x8b,
  Œ: 0x8c,
  Ž: 0x8e,
  '‘': 0x91,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '•': 0x95,
  '–': 0x96,
  '—': 0x97,
  '˜': 0x98,
  '™': 0x99,
  š: 0x9a,
  '›': 0x9b,
  œ: 0x9c,
  ž: 0x9e,
  Ÿ: 0x9f,
  // What `Intl` writes between figures and units.
  '\u202f': 0xa0,
  '\u2007': 0xa0,
  '\u2009': 0xa0,
  '\u2212': 0x2d,
  '≈': 0x7e,
}

const unknownByte = 0x3f

const isOwnByte = (code: number): boolean => (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff)

/** One byte a character. */
export const winAnsiBytes = (text: string): readonly number[] =>
  [...text.normalize('NFC')].flatMap((character) => {
    const byte = byteOf(character)
    if (byte !== undefined) return [byte]
    const [base = ''] = character.normalize('NFD')
    return [byteOf(base) ?? unknownByte]
  })

function byteOf(character: string): number | undefined {
  const code = character.codePointAt(0) ?? 0
  return isOwnByte(code) ? code : special[character]
}
