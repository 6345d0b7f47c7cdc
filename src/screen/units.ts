/** Code units that fit without asking for memory: four for each of the longest piece, as folding may make. */
const ROOM = 65_536

const [READ, WRITE] = [roomFor(ROOM), roomFor(ROOM)] as const
let held = ''
let read = READ.units

/** Memory as bytes and as the code units that these are: little-endian, as every machine is that Node is built for here. */
interface Room {
  readonly bytes: Buffer
  readonly units: Uint16Array
}

/**
 * Code units of a text and a zero behind them: loops over these take a third of the time that `charCodeAt` takes. The memory is
 * used again, so they are good until another text is asked for, and what lies behind the zero belongs to nobody.
 */
export function unitsOf(text: string): Uint16Array {
  if (text === held) return read
  const room = text.length < ROOM ? READ : roomFor(text.length + 1)
  room.bytes.write(text, 'utf16le')
  room.units[text.length] = 0
  held = text
  read = room.units
  return read
}

/**
 * The text that `fill` writes.
 *
 * @param most Code units that it may write; it returns how many it did.
 */
export function textOf(most: number, fill: (units: Uint16Array) => number): string {
  const room = most <= ROOM ? WRITE : roomFor(most)
  return room.bytes.toString('utf16le', 0, 2 * fill(room.units))
}

/** 1 for each code unit of ASCII that the pattern, of one unit, matches; 0 for all others. */
export function tableOf(pattern: RegExp): Uint8Array {
  const table = new Uint8Array(0x1_0000)
  for (let unit = 0; unit < 128; unit++) if (pattern.test(String.fromCharCode(unit))) table[unit] = 1
  return table
}

function roomFor(count: number): Room {
  const bytes = Buffer.alloc(2 * count)
  return { bytes, units: new Uint16Array(bytes.buffer, bytes.byteOffset, count) }
}
