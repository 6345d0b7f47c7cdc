import { execFileSync, spawn } from 'node:child_process'
import { expect, it } from 'vitest'

const RULES = new URL('../../docker/firewall.nft', import.meta.url).pathname
const GATE = `gate${process.pid}`
const PEER = `peer${process.pid}`

// Two machines in one: namespaces of the network with a cable between them. Needs root, as the rules themselves do.
function sh(script: string): string {
  return execFileSync('sh', ['-euc', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function isPossible(): boolean {
  try {
    sh(`command -v nft >/dev/null; ip netns add ${GATE}; ip netns del ${GATE}`)
    return true
  } catch {
    return false
  }
}

const SERVER = `for (const port of [80, 8443, 8000]) require('node:net').createServer((s) => s.end('hi')).listen(port, '0.0.0.0', () => console.log(port))`

/** What a peer gets of a port within two seconds. */
function reached(port: number): boolean {
  try {
    const script = `ip netns exec ${PEER} timeout 2 ${process.execPath} -e "require('node:net').connect(${port}, '10.99.0.1').on('data', () => process.exit(0)).on('error', () => process.exit(1))"`
    sh(script)
    return true
  } catch {
    return false
  }
}

it.skipIf(!isPossible())(
  'the host firewall passes HTTPS and nothing else, in and out',
  { timeout: 60_000 },
  async () => {
    sh(`
    ip netns add ${GATE}; ip netns add ${PEER}
    ip link add g${process.pid} netns ${GATE} type veth peer name p${process.pid} netns ${PEER}
    ip -n ${GATE} addr add 10.99.0.1/24 dev g${process.pid}; ip -n ${PEER} addr add 10.99.0.2/24 dev p${process.pid}
    for side in ${GATE} ${PEER}; do ip -n $side link set lo up; done
    ip -n ${GATE} link set g${process.pid} up; ip -n ${PEER} link set p${process.pid} up`)
    const server = spawn('ip', ['netns', 'exec', GATE, process.execPath, '-e', SERVER])
    try {
      let listening = ''
      server.stdout.on('data', (piece: Buffer) => (listening += String(piece)))
      while (listening.split('\n').length < 4) await new Promise((resolve) => setTimeout(resolve, 20))
      const before = [80, 8_443, 8_000].map(reached)

      // Twice: loading again replaces what is there.
      sh(`ip netns exec ${GATE} nft -f ${RULES}; ip netns exec ${GATE} nft -f ${RULES}`)
      const after = [80, 8_443, 8_000].map(reached)
      sh(`ip netns exec ${GATE} nft add element inet sallyport admin_ports '{ 80 }'`)
      const administered = reached(80)

      expect(before).toEqual([true, true, true])
      expect(after).toEqual([false, true, false])
      expect(administered).toBe(true)
      expect(() =>
        sh(
          `ip netns exec ${GATE} timeout 2 ${process.execPath} -e "require('node:net').connect(9, '10.99.0.2').on('error', (e) => process.exit(e.code === 'ECONNREFUSED' ? 0 : 1))"`,
        ),
      ).toThrow('Command failed')
    } finally {
      server.kill('SIGKILL')
      sh(`ip netns del ${GATE}; ip netns del ${PEER}`)
    }
  },
)
