import { describe, expect, it } from 'vitest'
import { written } from '../../../training/written/generate.ts'

const rows = [...written(1)]

describe('the texts written for training', () => {
  it('are the same for the same seed', () => {
    expect([...written(1)]).toEqual(rows)
  })

  it('have an id each of its own, and a text', () => {
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length)
    expect(rows.filter((row) => row.text.trim() === '')).toEqual([])
  })
})
