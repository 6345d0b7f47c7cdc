import { setTimeout as sleep } from 'node:timers/promises'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Disk, nodeDisk } from '../../src/audit/disk.ts'
import { createScreen, type Screen } from '../../src/screen/screen.ts'
import { ask } from '../fixtures/ask.ts'
import { atRest, held, NOTHING } from '../fixtures/at-rest.ts'
import { type BothSides, bothSides } from '../fixtures/both-sides.ts'
import { testRoute } from '../fixtures/gate.ts'
import * as h2 from '../fixtures/h2-raw.ts'
import { bytesOf, ok, until } from '../fixtures/raw-upstream.ts'
import { rawTls } from '../fixtures/raw.ts'

/**
 * Whoever leaves, at whatever moment: the exchange has exactly one end on record, and nothing of it stays. The routes admit
 * one exchange at a time, so that a grant that is not given back shuts them.
 */
let sides: BothSides
/** Stations at which the gateway itself can be made to wait. */
const screening = station()
const writing = station()

beforeAll(async () => {
  const limits = { ...testRoute('').limits, concurrencyPerPrincipalMax: 1, concurrencyMax: 1 }
  sides = await bothSides(
    (url) => [
      testRoute(url, { limits }),
      testRoute(url, { name: 'opaque', path: '/opaque', opaque: true, limits }),
    ],
    { deps: { screen: waitingScreen(), disk: waitingDisk() } },
  )
})

beforeEach(() => {
  sides.answer = (socket) => void socket.write(ok('{"ok":true}'))
})

afterAll(async () => {
  await sides.close()
})

const CHUNKED = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
const SHORT = 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n'
const LONG = 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n'

interface Leaving {
  readonly phase: string
  readonly path?: string
  /** Of a body of 7 bytes, how many are sent. */
  readonly sent?: number
  readonly answer?: (socket: Socket) => void
  /** Resolves when the client is to leave; what it gives back is done once it has left. */
  readonly when: (before: number) => Promise<void | (() => void)>
  readonly end: Readonly<Record<string, unknown>>
}

const reached = (before: number): Promise<void> => until(() => sides.agent.requests.length > before)
const started = async (before: number): Promise<void> => {
  await reached(before)
  await sleep(20)
}
/** The gateway has the request and waits for its body. */
const entered = async (): Promise<void> => {
  while ((await held(sides.gate)).exchanges === 0) await sleep(5)
  await sleep(20)
}
/** Time for a reset to arrive, the delayed acknowledgement of Linux (40 ms) included. */
const LEAVES_MS = 80
const ABORTED = { kind: 'outcome', ending: 'client-aborted' }

const leavings: readonly Leaving[] = [
  {
    phase: 'within its body',
    sent: 3,
    when: entered,
    end: { kind: 'refusal', problem: 'body-invalid' },
  },
  { phase: 'within a body that streams', path: '/opaque', sent: 3, when: entered, end: ABORTED },
  { phase: 'while it is screened', when: () => screening.hold(), end: ABORTED },
  { phase: 'while its decision is written', when: () => writing.hold(), end: ABORTED },
  { phase: 'while the agent is silent', answer: () => {}, when: started, end: ABORTED },
  {
    phase: 'within the head of the answer',
    answer: (it) => void it.write('HTTP/1.1 200 OK\r\nconte'),
    when: started,
    end: ABORTED,
  },
  {
    phase: 'between the head and a short body',
    answer: (it) => void it.write(SHORT),
    when: started,
    end: ABORTED,
  },
  {
    phase: 'within a short body',
    answer: (it) => void it.write(`${SHORT}12345`),
    when: started,
    end: ABORTED,
  },
  { phase: 'within a long body', answer: (it) => void it.write(`${LONG}12345`), when: started, end: ABORTED },
  {
    phase: 'within a stream',
    answer: (it) => void it.write(`${CHUNKED}5\r\nda`),
    when: started,
    end: ABORTED,
  },
  {
    phase: 'between two events',
    answer: (it) => void it.write(`${CHUNKED}9\r\ndata: a\n\n\r\n`),
    when: started,
    end: ABORTED,
  },
  {
    phase: 'behind an informational answer',
    answer: (it) => void it.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'),
    when: started,
    end: ABORTED,
  },
]

const arriving = {
  'HTTP/1.1': overHttp1,
  'HTTP/2': (path: string, sent: number) => overHttp2(path, sent, h2.errorCode.cancel),
  'HTTP/2 by NO_ERROR': (path: string, sent: number) => overHttp2(path, sent, h2.errorCode.none),
}

describe.each(['HTTP/1.1', 'HTTP/2', 'HTTP/2 by NO_ERROR'] as const)(
  'a client of %s that leaves',
  (version) => {
    it.each(leavings)('$phase', async ({ path = '/agent', sent = 7, answer, when, end }) => {
      const before = { log: sides.gate.records().length, agent: sides.agent.requests.length }
      if (answer !== undefined) sides.answer = answer
      const waiting = when(before.agent)
      const leave = await arriving[version](path, sent)

      const goOn = await waiting
      leave()
      await sleep(LEAVES_MS)
      goOn?.()
      await until(() => ends(before.log).length > 0)
      const left = await atRest(sides.gate)
      sides.answer = (socket) => void socket.write(ok('{"ok":true}'))
      const next = await ask(sides.gate, { path, method: 'POST', body: '{"a":1}' })

      expect(left).toEqual(NOTHING)
      expect(next.status).toBe(200)
      const [first, ...others] = ends(before.log)
      expect(first).toMatchObject(end)
      expect(others).toMatchObject([{ kind: 'outcome', ending: 'completed' }])
    })

    it('while its outcome is written', async () => {
      const before = sides.gate.records().length
      sides.answer = (socket) => {
        void writing.hold()
        socket.write(ok('{"ok":true}'))
      }
      const leave = await arriving[version]('/agent', 7)
      await until(() => writing.held)

      leave()
      await sleep(LEAVES_MS)
      writing.release()
      await until(() => ends(before).length > 0)

      expect(await atRest(sides.gate)).toEqual(NOTHING)
      expect(ends(before)).toHaveLength(1)
    })
  },
)

type Death = readonly [phase: string, bytes: string, ending: string]

const deaths: readonly Death[] = [
  ['before it answers', '', 'upstream-failed'],
  ['within the status line', 'HTTP/1.1 2', 'upstream-failed'],
  ['within a field', 'HTTP/1.1 200 OK\r\ncontent-le', 'upstream-failed'],
  ['behind an informational answer', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n', 'upstream-failed'],
  ['between the head and a short body', SHORT, 'upstream-failed'],
  ['within a short body', `${SHORT}12345`, 'upstream-failed'],
  ['within a long body', `${LONG}12345`, 'upstream-aborted'],
  ['within the size of a chunk', `${CHUNKED}9\r\ndata: a\n\n\r\n1`, 'upstream-aborted'],
  ['within a chunk', `${CHUNKED}9\r\ndata`, 'upstream-aborted'],
  ['between two chunks', `${CHUNKED}9\r\ndata: a\n\n\r\n`, 'upstream-aborted'],
  ['within the last chunk', `${CHUNKED}9\r\ndata: a\n\n\r\n0\r\n`, 'upstream-aborted'],
]

describe.each([
  ['closes', (socket: Socket) => void socket.end()],
  ['resets', (socket: Socket) => void socket.resetAndDestroy()],
])('an agent that %s its connection', (_, die) => {
  describe.each(['GET', 'POST'])('of a %s', (method) => {
    it.each(deaths)('%s', async (_phase, bytes, ending) => {
      const before = sides.gate.records().length
      sides.answer = (socket) => {
        if (bytes !== '') socket.write(bytesOf(bytes))
        setTimeout(() => die(socket), bytes === '' ? 0 : 20)
      }

      const answer = await ask(sides.gate, { method, ...(method === 'POST' && { body: '{"a":1}' }) })
      const left = await atRest(sides.gate)
      sides.answer = (socket) => void socket.write(ok('{"ok":true}'))
      const next = await ask(sides.gate)

      expect(answer.status === 502 || answer.truncated).toBe(true)
      expect(left).toEqual(NOTHING)
      expect(next.status).toBe(200)
      expect(ends(before)).toMatchObject([{ ending }, { ending: 'completed' }])
    })
  })
})

describe('a gateway that is closed', () => {
  it('with an exchange at every station ends them all and stays quiet', async () => {
    const other = await bothSides(undefined, { deps: { screen: waitingScreen() } })
    other.answer = (socket, { target }) => {
      if (target === '/short') socket.write(`${SHORT}12345`)
      if (target === '/stream') socket.write(`${CHUNKED}9\r\ndata: a\n\n\r\n`)
    }
    void screening.hold()
    const asked = ['/agent', '/agent/short', '/agent/stream'].map((path) =>
      ask(other.gate, { path }).catch(() => undefined),
    )
    const screened = ask(other.gate, { method: 'POST', body: '{"a":"b"}' }).catch(() => undefined)
    await until(() => screening.held && other.agent.requests.length === 3)

    const closing = other.close()
    screening.release()
    await closing
    await Promise.all([...asked, screened])

    expect(other.gate.events.filter(({ name }) => name === 'internal-error')).toEqual([])
  })
})

/** Sends `sent` bytes of a body of 7; gives back how to leave. */
async function overHttp1(path: string, sent: number): Promise<() => void> {
  const client = await rawTls(sides.gate.port)
  const head = await sides.head({ target: path })
  client.send(`${head}Content-Type: application/json\r\nContent-Length: 7\r\n\r\n${'{"a":1}'.slice(0, sent)}`)
  return () => client.end()
}

/** The same on one stream, which is reset; the connection is left a moment later, so that it is the stream that tells. */
async function overHttp2(path: string, sent: number, code: number): Promise<() => void> {
  const { gate } = sides
  const client = await h2.rawH2(gate.port)
  const own = ['authorization', `Bearer ${await gate.token()}`, 'content-type', 'application/json']
  const fields = h2
    .post(path, ...own)
    .map((field) => (field === 'localhost' ? `localhost:${gate.port}` : field))
  client.send(h2.headers(1, fields, false), h2.data(1, '{"a":1}'.slice(0, sent), sent === 7))
  return () => {
    client.send(h2.rstStream(1, code))
    setTimeout(() => client.end(), 2 * LEAVES_MS)
  }
}

/** Records that end an exchange, behind the first `from` records. */
function ends(from: number): Record<string, unknown>[] {
  return sides.gate
    .records()
    .slice(from)
    .filter(({ kind }) => kind === 'outcome' || kind === 'refusal')
}

interface Station {
  /** Stops the next one who passes; resolves when somebody stands, to what lets them go on. */
  hold(): Promise<() => void>
  release(): void
  readonly held: boolean
  pass(): Promise<void> | undefined
}

function station(): Station {
  let armed: ((goOn: () => void) => void) | undefined
  let standing: (() => void) | undefined
  const it: Station = {
    hold: () =>
      new Promise((resolve) => {
        armed = resolve
      }),
    release() {
      standing?.()
      standing = undefined
    },
    get held() {
      return standing !== undefined
    },
    pass() {
      if (armed === undefined) return undefined
      const reached = armed
      armed = undefined
      return new Promise((resolve) => {
        standing = resolve
        reached(() => it.release())
      })
    },
  }
  return it
}

function waitingScreen(): Screen {
  const screen = createScreen()
  return {
    ...screen,
    screen: async (...given) => {
      await screening.pass()
      return screen.screen(...given)
    },
  }
}

function waitingDisk(): Disk {
  return {
    ...nodeDisk,
    async create(path) {
      const file = await nodeDisk.create(path)
      return {
        ...file,
        async write(bytes) {
          await writing.pass()
          return file.write(bytes)
        },
      }
    },
  }
}
