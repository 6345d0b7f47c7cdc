import { describe, expect, it } from 'vitest'
import { commands } from '../../../src/cli/index.ts'
import type { Command, CommandRow } from '../../../src/cli/base/command.ts'
import { cli } from '../../fixtures/cli.ts'

/** Every command with its full name, those below others included. */
async function all(
  rows: readonly CommandRow[] = commands,
  prefix = '',
): Promise<{ name: string; row: CommandRow; command: Command }[]> {
  const found = await Promise.all(
    rows.map(async (row) => {
      const loaded = await row.load()
      const name = `${prefix}${row.name}`
      return 'length' in loaded ? all(loaded, `${name} `) : [{ name, row, command: loaded }]
    }),
  )
  return found.flat()
}

const everything = await all()

describe('the program', () => {
  it('lists its commands on standard output when asked for help', async () => {
    const { code, out, err } = await cli('help')

    expect(code).toBe(0)
    for (const { name, summary } of commands) expect(out).toMatch(new RegExp(`  ${name} +${summary}`))
    expect(err).toBe('')
  })

  it.each(['--help', '-h'])('takes %s for help', async (line) => {
    expect((await cli(line)).out).toBe((await cli('help')).out)
  })

  it('says on standard error what it wants when it is asked for nothing', async () => {
    const { code, out, err } = await cli('')

    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('usage: sallyport COMMAND')
  })

  it.each([
    ['validte', 'sallyport validate?'],
    ['tokens', 'sallyport token?'],
    ['token verfy', 'sallyport token verify?'],
    ['audit tial', 'sallyport audit tail?'],
    ['halp', 'sallyport help?'],
    ['xyzzy', 'see sallyport --help'],
    ['help tokn', 'sallyport token?'],
  ])('tells who types "%s": %s', async (line, hint) => {
    const { code, out, err } = await cli(line)

    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('there is no command')
    expect(err).toContain(`fix: `)
    expect(err).toContain(hint)
  })

  it('does not let a command name steer the terminal', async () => {
    const { err } = await cli(['\x1b[2Jboom'])

    expect(err).not.toContain('\x1b')
  })

  it('colours its name for a person, and not otherwise', async () => {
    expect((await cli('xyzzy', { colour: true })).err).toContain('\x1b[31msallyport:\x1b[39m')
    expect((await cli('xyzzy', { colour: false })).err).not.toContain('\x1b')
  })

  it('gives errors as JSON on standard output with --json, and in words beside it', async () => {
    const { code, out, err } = await cli('validate --json')

    expect(code).toBe(2)
    expect(JSON.parse(out)).toEqual({
      ok: false,
      errors: [{ message: expect.any(String), hint: expect.any(String) }],
    })
    expect(err).toContain('fix: ')
  })
})

describe.each(everything)('$name', ({ name, row, command }) => {
  it('has help with its usage, every option and an example', async () => {
    const { code, out } = await cli(`help ${name}`)

    expect(code).toBe(0)
    expect(out).toContain(`sallyport ${name}: ${row.summary}`)
    expect(out).toContain(`usage: sallyport ${name} ${command.usage}`)
    for (const option of [...Object.keys(command.options), 'json', 'help'])
      expect(out).toContain(`--${option}`)
    expect(command.examples.length).toBeGreaterThan(0)
  })

  it('gives the same help when asked by --help, and does nothing', async () => {
    expect(await cli(`${name} --help`)).toEqual(await cli(`help ${name}`))
  })

  it('has examples of commands that there are', () => {
    const names = everything.map((one) => one.name)

    for (const [line] of command.examples) {
      for (const part of line.split(/ (?:&&|\|) /).filter((piece) => !piece.startsWith('grep'))) {
        const words = part.replace(/^sallyport /, '')
        expect(names.filter((one) => words.startsWith(one))).not.toEqual([])
      }
    }
  })

  it('refuses an option that it does not know, with the nearest one', async () => {
    const { code, err } = await cli(`${name} --jsno`)

    expect(code).toBe(2)
    expect(err).toContain('there is no option --jsno\n  fix: did you mean --json?')
  })

  it('refuses an option that is like none', async () => {
    const { code, err } = await cli(`${name} --xyzzyxyzzy`)

    expect(code).toBe(2)
    expect(err).toContain(`fix: see sallyport help ${name}`)
  })

  it('refuses a value for an option that takes none', async () => {
    const { code, err } = await cli(`${name} --json=yes`)

    expect(code).toBe(2)
    expect(err).toContain('fix: ')
  })
})

describe('arguments', () => {
  const bounded = everything.filter(({ command }) => Number.isFinite(command.positionalsMax))

  it.each(bounded)('of $name are refused when there is one too many', async ({ name, command }) => {
    const { code, err } = await cli(`${name} ${'x '.repeat(command.positionalsMax + 1)}`)

    expect(code).toBe(2)
    expect(err).toContain('x is one argument too many')
  })
})
