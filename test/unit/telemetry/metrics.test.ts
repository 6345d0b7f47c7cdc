import { describe, expect, it } from 'vitest'
import { events, type EventName } from '../../../src/core/events.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'

const readings = {
  connections: () => 3,
  exchanges: () => 2,
  bodyBytes: () => 1_024,
  auditHealthy: () => true,
  ready: () => false,
  reloadRefused: () => true,
  revision: () => 'abc',
}

describe('metrics', () => {
  it('count exchanges by route and result', async () => {
    const metrics = createMetrics()

    metrics.meter.exchange('chat', 'completed', 12, {})
    metrics.meter.exchange('chat', 'completed', 12, {})
    metrics.meter.exchange('', 'token-missing', 1, {})
    const page = await metrics.page()

    expect(page).toContain('sallyport_exchanges_total{route="chat",result="completed"} 2')
    expect(page).toContain('sallyport_exchanges_total{route="",result="token-missing"} 1')
    expect(page).toContain('sallyport_exchange_seconds_count{route="chat"} 2')
  })

  it('add the time of each phase, in seconds', async () => {
    const metrics = createMetrics()

    metrics.meter.exchange('chat', 'completed', 12, { admit: 1_500, screen: 500 })
    metrics.meter.exchange('chat', 'completed', 12, { admit: 500 })
    const page = await metrics.page()

    expect(page).toContain('sallyport_phase_seconds_total{phase="admit"} 0.002')
    expect(page).toContain('sallyport_phase_seconds_total{phase="screen"} 0.0005')
  })

  it('show every event from the start, so that an alert can be written before it happens', async () => {
    const metrics = createMetrics()

    metrics.observer.event('overloaded', {})
    const page = await metrics.page()

    for (const event of Object.keys(events) as EventName[]) {
      expect(page).toContain(`sallyport_events_total{event="${event}"} ${event === 'overloaded' ? 1 : 0}`)
    }
  })

  it('read the state of the gateway when they are asked', async () => {
    const metrics = createMetrics()
    metrics.observe(readings)

    const page = await metrics.page()

    for (const line of [
      'connections 3',
      'exchanges 2',
      'body_bytes 1024',
      'audit_healthy 1',
      'ready 0',
      'revision{revision="abc"} 1',
    ]) {
      expect(page).toContain(`sallyport_${line}`)
    }
  })
})
