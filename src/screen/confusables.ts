/**
 * Letters that people take for Latin ones, by the letter they pass for. What NFKD folds by itself (full width,
 * mathematical, circled) is not listed. Upper and lower case of a Cyrillic letter fold alike, because Russian and
 * Ukrainian patterns are folded by the same table.
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: 'аАɑαΑᴀᎪаａ⍺ꓮ',
  b: 'вВьЬƄƅΒᏴʙꓐ',
  c: 'сСϲϹᴄᏟⅽꓚ',
  d: 'ԁԀᎠđĐɗᴅꓓ',
  e: 'еЕёЁєЄεΕᎬᴇеꓰəƏ',
  f: 'ϝϜƒꓝ',
  g: 'ɡցᏀԌԍɢꓖ',
  h: 'нНһҺΗհᎻħĦʜꓧ',
  i: 'іІїЇιΙıɩɪᎥӏӀꓲ',
  j: 'јЈϳͿᎫᴊꓙ',
  k: 'кКκΚᏦᴋꓗ',
  l: 'łŁʟᏞǀ∣ꓡ',
  m: 'мМΜᎷᴍꓟ',
  n: 'ηΝпПոռɴꓠ',
  o: 'оОοΟσΣςօՕᴏøØꓳ०',
  p: 'рРρΡᏢᴘꓑ',
  q: 'ԛԚզ',
  r: 'гГᏒʀᖇꓣ',
  s: 'ѕЅՏᏚꜱꓢ',
  t: 'тТτΤᎢᴛŧŦꓔ',
  u: 'υսՍᴜμꓴ',
  v: 'νѵѴᏙᴠꓦ',
  w: 'ԝԜωᏔᴡꓪ',
  x: 'хХχΧᕁꓫ',
  y: 'уУγΥʏүҮꓬ',
  z: 'ΖᏃᴢꓜ',
  ss: 'ß',
  ae: 'æÆ',
  "'": '‘’‚‛ʼ′`´',
  '"': '“”„‟«»″',
  '-': '‐‑‒–—―−﹘',
  '/': '∕⁄',
  ':': '։׃ː∶',
}

/** Blocks that hold A to Z in order, by their first code point: regional indicators, negative circled and squared. */
const ALPHABETS = [0x1f1e6, 0x1f150, 0x1f170]

/** Single code points and the ASCII they pass for. */
export const CONFUSABLES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(LOOK_ALIKES).flatMap(([ascii, alike]) =>
    [...alike].map((char) => [char, ascii] as const),
  ),
  ...ALPHABETS.flatMap((first) =>
    Array.from(
      { length: 26 },
      (_, i) => [String.fromCodePoint(first + i), String.fromCharCode(97 + i)] as const,
    ),
  ),
])
