import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAuditLog } from '../../../src/audit/writer.ts'
import { systemClock } from '../../../src/core/clock.ts'
import { silentObserver } from '../../../src/core/events.ts'
import { auditConfig, decision } from '../../fixtures/audit.ts'
import { cli } from '../../fixtures/cli.ts'
import { altered, configFolder, type ConfigFolder } from '../../fixtures/config.ts'

let folder: ConfigFolder
let dir: string

beforeAll(async () => {
  folder = await configFolder()
  dir = join(folder.path, 'audit')
  await write('one', 'two')
  folder.put(
    'sallyport.yaml',
    altered('version: 1', 'version: 1\naudit: { dir: ./audit }').replace('./tls.key', './gone.key'),
  )
})
afterAll(() => folder.remove())

async function write(...ids: string[]): Promise<void> {
  const log = await openAuditLog(auditConfig(dir), { clock: systemClock, observer: silentObserver })
  for (const id of ids) await log.decision(decision(id))
  await log.close()
}

describe('audit verify', () => {
  it('says that a log is whole, and its anchor, to be kept elsewhere', async () => {
    const { code, out, err } = await cli(`audit verify ${dir}`)

    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^whole: \d+ records in 1 segments, end closed\n/)
    expect(out).toMatch(/ {2}2 decisions, 0 outcomes/)
    expect(out).toMatch(/ {2}anchor \d+:[\w-]{43}\n$/)
  })

  it('finds the folder by the configuration, without its secrets', async () => {
    const { code, out } = await cli(`audit verify -c ${folder.file} --json`)

    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ ok: true, segments: 1, counts: { decisions: 2 } })
  })

  it('holds a log against an anchor noted before', async () => {
    const { out } = await cli(`audit verify ${dir}`)
    const [, sequence = '', hash = ''] = /anchor (\d+):(\S+)/.exec(out) ?? []

    const kept = await cli(`audit verify ${dir} --anchor ${sequence}:${hash}`)
    const other = await cli(`audit verify ${dir} --anchor ${sequence}:${'A'.repeat(43)}`)

    expect([kept.code, other.code]).toEqual([0, 1])
  })

  it('finds an edit, names its place, and says what to do', async () => {
    const edited = folder.put('edited/x', '')
    const at = join(edited, '..')
    const [segment = ''] = readdirSync(dir).filter((name) => name.endsWith('.jsonl') || /\d/.test(name))
    writeFileSync(join(at, segment), readFileSync(join(dir, segment), 'utf8').replace('alice', 'mallo'))

    const { code, out, err } = await cli(`audit verify ${at}`)

    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(new RegExp(`not whole: edit in ${segment} at byte \\d+`))
    expect(err).toContain('fix: keep the folder as it is')
  })

  it.each([
    ['audit verify', /name the log once/],
    ['audit verify X -c Y', /name the log once/],
    ['audit verify /no/such/folder', /no folder \/no\/such\/folder/],
    ['audit verify X --anchor 7', /--anchor is no SEQUENCE:HASH/],
  ])('refuses "%s"', async (line, message) => {
    const { code, err } = await cli(line)

    expect(code).toBe(2)
    expect(err).toMatch(message)
  })
})

describe('audit tail', () => {
  it('shows records in words', async () => {
    const { code, out, err } = await cli(`audit tail ${dir}`)

    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(
      /2027-01-15T08:00:00\.000Z decision subject=alice id=one peer=192\.0\.2\.7 route=support/,
    )
    expect(out.indexOf('id=one')).toBeLessThan(out.indexOf('id=two'))
  })

  it('shows the records themselves with --json', async () => {
    const { out } = await cli(`audit tail -c ${folder.file} --json`)

    const records = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(records.filter(({ kind }) => kind === 'decision').map(({ id }) => id)).toEqual(['one', 'two'])
  })

  it('waits for more until it is interrupted', async () => {
    const stop = new AbortController()
    const seen: string[] = []
    const onOut = (text: string): void => {
      seen.push(text)
      if (text.includes('id=late')) stop.abort()
    }

    const tail = cli(`audit tail ${dir} --follow --new`, { signal: stop.signal, onOut })
    await write('late')
    const { code } = await tail

    expect(code).toBe(0)
    expect(seen.join('')).not.toContain('id=one')
  })

  it('does not let a line that somebody else wrote steer the terminal', async () => {
    const at = join(folder.put('strange/x', ''), '..')
    const [segment = ''] = readdirSync(dir).filter((name) => /\d/.test(name))
    writeFileSync(
      join(at, segment),
      '{"seq":1,"kind":"\x1b[2J"}\n{"seq":2 \u202E not JSON\n{"seq":3,"receivedMs":1e300}\n',
    )

    const { out } = await cli(`audit tail ${at}`)

    expect(out).toMatch(/^[\x20-\x7e\n]*$/)
    expect(out.trim().split('\n')).toHaveLength(3)
  })
})
