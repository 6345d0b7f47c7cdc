import { readTarget, TargetFault } from '../../src/pipeline/path.ts'
import { seeded } from './seeded.ts'

const PIECES = [
  '/',
  '//',
  '.',
  '..',
  '...',
  '%2e',
  '%2E',
  '%2f',
  '%5c',
  '%00',
  '%25',
  '%',
  ';',
  '\\',
  '?',
  '#',
  ':',
  '@',
  '&',
  '=',
  ' ',
  '\t',
  '\u0000',
  '\u00e9',
  '\uff0f',
  '%ef%bc%8f',
  '%c0%af',
  '%c3%a9',
  '%61',
  '%41',
  '%7e',
  'a',
  'B',
  '0',
  '-',
  '_',
  '~',
  'admin',
  'v1',
  'https://',
  'http://',
  'host',
  ':443',
  '[::1]',
  '%u002f',
  '+',
  '*',
  '\r',
  '\n',
  '\u007f',
]

/**
 * What is accepted has one reading: canonicalising it again changes nothing, and no decoding that an upstream may do
 * (once, twice, with compatibility folding) finds a dot segment, a separator that was not there, or a control.
 */
export const path = {
  name: 'path',
  run(cases: number, seed: number): void {
    const random = seeded(seed)
    for (let i = 0; i < cases; i += 1) {
      let target = random(4) === 0 ? '' : '/'
      for (let n = random(8); n >= 0; n -= 1) target += PIECES[random(PIECES.length)]
      check(target)
    }
  },
}

function check(target: string): void {
  const read = readTarget(target)
  if (read instanceof TargetFault) return
  const again = readTarget(read.path)
  if (again instanceof TargetFault || again.path !== read.path)
    throw new Error(`not canonical: ${JSON.stringify(target)}`)
  const once = decodeURIComponent(read.path)
  const readings = [read.path, once, once.normalize('NFKC'), tryDecode(once)]
  const slashes = count(read.path, '/')
  for (const reading of readings) {
    if (/(?:^|\/)\.+(?:\/|$)/.test(reading) || /.\/\//.test(reading) || reading.startsWith('//'))
      fail(target, reading)
    if (/[\u0000-\u001F\u007F\\;?#]/.test(reading) || count(reading, '/') !== slashes) fail(target, reading)
  }
}

function fail(target: string, reading: string): never {
  throw new Error(`${JSON.stringify(target)} may be read as ${JSON.stringify(reading)}`)
}

function tryDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function count(text: string, char: string): number {
  return text.split(char).length - 1
}
